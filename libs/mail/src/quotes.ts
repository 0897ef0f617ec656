import EmailReplyParser from 'email-reply-parser';

/** In characters. What somebody writes anew stands at the beginning. */
const MOST = 20_000;
/** The parser's time grows with the cube of what it is given: of so many characters, the worst take it some tens of milliseconds. */
const PIECE = 2_000;

/**
 * What somebody wrote anew: without quotes of earlier mails, and without a signature. All of it, where nothing would be left, and
 * of a mail that was forwarded. Beyond the first piece in which something was left out nothing new is looked for.
 */
export function newWords(text: string): string {
  const plain = text.slice(0, 5 * MOST).replace(/\r\n?/g, '\n').replace(/[^\S\n]/g, ' ').replace(/ {20,}/g, ' ').replace(/ {1,20}$/gm, '').replace(/\n{3,}/g, '\n\n').slice(0, MOST);
  let words = '';
  for (const piece of piecesOf(plain)) {
    const visible = new EmailReplyParser().read(piece).getVisibleText();
    words += visible;
    if (isShorter(visible, piece)) break;
  }
  return words.trim() || plain.trim();
}

/** Cut where a paragraph ends, else where a line does, so that the head of a quote stays in one piece. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    const piece = text.slice(from, from + PIECE);
    const ends = from + PIECE >= text.length ? piece.length : (['\n\n', '\n', ' '].map((end) => piece.lastIndexOf(end) + end.length).find((end) => end > PIECE / 2) ?? PIECE);
    pieces.push(piece.slice(0, ends));
    from += ends;
  }
  return pieces;
}

const letters = (text: string): number => text.replace(/\s+/g, '').length;

const isShorter = (visible: string, piece: string): boolean => letters(visible) < letters(piece);
