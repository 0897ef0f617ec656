import type { BodyRules } from './delivery.types.js';

/**
 * A text in parts that each fit the channel, cut at the ends of sentences; a sentence that does not fit is cut
 * between words, and a word that does not fit between characters. Nothing is lost but the space at a cut.
 */
export function splitBody(body: string, rules: BodyRules): string[] {
  const text = body.trim();
  if (rules.fits(text)) return [text];
  return pack(pieces(text, 'sentence'), rules, (sentence) =>
    pack(pieces(sentence, 'word'), rules, (word) => pack(pieces(word, 'grapheme'), rules, (character) => [character])));
}

function pieces(text: string, granularity: 'sentence' | 'word' | 'grapheme'): string[] {
  const segmenter = new Intl.Segmenter(undefined, { granularity });
  return Array.from(segmenter.segment(text), (piece) => piece.segment);
}

/** Fills parts greedily; what does not fit into a part of its own is broken up by `breakUp`. */
function pack(all: string[], rules: BodyRules, breakUp: (piece: string) => string[]): string[] {
  const parts: string[] = [];
  let current = '';
  for (const piece of all) {
    if (rules.fits((current + piece).trim())) {
      current += piece;
      continue;
    }
    if (current.trim()) parts.push(current.trim());
    if (rules.fits(piece.trim())) {
      current = piece;
      continue;
    }
    const broken = breakUp(piece);
    parts.push(...broken.slice(0, -1));
    current = broken.at(-1) ?? '';
  }
  if (current.trim()) parts.push(current.trim());
  return parts;
}
