/** Longer texts are looked through up to here: no mail or voicemail is taken in with more. */
const MOST = 12_000;

/**
 * How words are compared: in lower case, without accents, with one kind of apostrophe and of space. Its lines stay: a line may be wrapped, or be all that
 * somebody says of a matter. An empty one ends the sentence.
 */
export const normal = (text: string): string =>
  text.slice(0, MOST).normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase().replace(/[’‘ʼ`´′]/g, "'").replaceAll('ß', 'ss').replaceAll('œ', 'oe').replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[^\S\n]+/g, ' ').replace(/ ?\n ?/g, '\n').replace(/\n{2,}/g, '. ').trim();

/** Writing without spaces: each sign counts as a word. */
const UNSPACED = '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Khmer}\\p{sc=Lao}]';
const TOKEN = new RegExp(`${UNSPACED}|[[\\p{L}\\p{N}]--${UNSPACED}]+`, 'gv');

/** The words of a text that is `normal` already. */
export const tokensOf = (text: string): string[] => text.match(TOKEN) ?? [];
