import type { Passage } from './knowledge.types.js';

/** In characters. Some 300 tokens: an answer rarely needs more of one place, and four of them fit beside a thread. */
export const LONGEST_PASSAGE = 1_200;

const HEADING = /^(#{1,6})\s+(\S.*)$/s;

/** Cuts a page into passages: at headings first, then between paragraphs, then between sentences, and only then anywhere. */
export function passagesOf(text: string): Passage[] {
  return sections(text.replace(/\r\n?/g, '\n')).flatMap(({ heading, paragraphs }) =>
    packed(paragraphs.flatMap(fitting)).map((body) => ({ heading, body })));
}

function sections(text: string): { heading: string; paragraphs: string[] }[] {
  const found = [{ heading: '', paragraphs: [] as string[] }];
  const trail: string[] = [];
  for (const block of text.split('\n').map((line) => line.trimEnd())) {
    const heading = HEADING.exec(block);
    if (heading) {
      trail.length = Math.min(trail.length, heading[1]!.length - 1);
      trail.push(withoutClosing(heading[2]!));
      found.push({ heading: trail.join(' › '), paragraphs: [''] });
    } else {
      const { paragraphs } = found.at(-1)!;
      if (block === '' || paragraphs.length === 0) paragraphs.push('');
      if (block !== '') paragraphs[paragraphs.length - 1] = `${paragraphs.at(-1)}\n${block}`.trim();
    }
  }
  return found.map(({ heading, paragraphs }) => ({ heading, paragraphs: paragraphs.filter((paragraph) => paragraph !== '') }));
}

/** A heading may end as it began: `## Fees ##`. By hand, since a pattern would try each way to share out the blanks of a long line. */
function withoutClosing(title: string): string {
  let end = title.length;
  while (end > 1 && title[end - 1] === '#') end -= 1;
  return title.slice(0, end).trimEnd();
}

/** A paragraph as pieces that are short enough. */
function fitting(paragraph: string): string[] {
  if (paragraph.length <= LONGEST_PASSAGE) return [paragraph];
  const sentences = paragraph.match(/[^.!?]+(?:[.!?]+["')\]]*\s*|$)/g) ?? [paragraph];
  return packed(sentences.flatMap(inPieces), ' ');
}

const inPieces = (text: string): string[] => text.trim().match(new RegExp(`[^]{1,${LONGEST_PASSAGE}}`, 'gu')) ?? [];

/** As few passages as hold the pieces in their order. */
function packed(pieces: readonly string[], between = '\n\n'): string[] {
  const passages: string[] = [];
  for (const piece of pieces) {
    const joined = passages.length > 0 ? `${passages.at(-1)}${between}${piece}` : piece;
    if (passages.length > 0 && joined.length <= LONGEST_PASSAGE) passages[passages.length - 1] = joined;
    else passages.push(piece);
  }
  return passages;
}
