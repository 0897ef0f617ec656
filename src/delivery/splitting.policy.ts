import type { BodyRules, FileRules } from './delivery.types.js';

export interface PartContent {
  body: string;
  /** Positions among the message's files. */
  files: number[];
}

/**
 * The words' parts, and with which of them each file goes: beside the first words where the channel takes both in one, else in
 * parts of their own behind the words. The files keep their order.
 */
export function withFiles(bodies: readonly string[], media: readonly { contentType: string }[], rules: FileRules): PartContent[] {
  const words = bodies.filter((body) => body !== '' || media.length === 0).map((body): PartContent => ({ body, files: [] }));
  const [first] = words;
  const { atOnce, besideWords } = rules;
  const beside = first && media.slice(0, atOnce).every(({ contentType }) => besideWords(contentType)) ? Math.min(atOnce, media.length) : 0;
  if (first) first.files = media.slice(0, beside).map((_, position) => position);
  const alone: PartContent[] = [];
  for (let at = beside; at < media.length; at += atOnce) {
    alone.push({ body: '', files: media.slice(at, at + atOnce).map((_, index) => at + index) });
  }
  return [...words, ...alone];
}

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
