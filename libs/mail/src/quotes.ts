import EmailReplyParser from 'email-reply-parser';

/** In characters. What somebody writes anew stands at the beginning; the parser's time grows with the square of what it is given. */
const MOST = 20_000;

/**
 * What somebody wrote anew: without quotes of earlier mails, and without a signature. All of it, where nothing would be left, and
 * of a mail that was forwarded.
 */
export function newWords(text: string): string {
  const plain = text.slice(0, 5 * MOST).replace(/\r\n?/g, '\n').replace(/[^\S\n]/g, ' ').replace(/ {20,}/g, ' ').replace(/ {1,20}$/gm, '').replace(/\n{3,}/g, '\n\n').slice(0, MOST);
  const words = new EmailReplyParser().read(plain).getVisibleText().trim();
  return words || plain.trim();
}
