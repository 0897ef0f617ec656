import { convert } from 'html-to-text';
import { type AddressObject, type Attachment, type ParsedMail, simpleParser } from 'mailparser';
import sanitizeHtml from 'sanitize-html';
import { type Mail, type MailAddress, mailOf, type MailPart, normalAddress, type PlainMail } from './mail.js';
import { newWords } from './quotes.js';

/** In characters without styles and comments: some 50 pages; the rest is left. The time that tags take grows with the square of their number. */
const MOST_HTML = 100_000;
/** What is made of it names for each link how it opens. */
const MOST_SHOWN_HTML = 200_000;
const MOST_REFERENCES = 50;
/** One more is no mail to a person. */
const MOST_FILES = 50;

/**
 * Read where it may take as long as it likes: nothing here keeps to a time when somebody means harm.
 *
 * @throws when it is none
 */
export async function plainMail(raw: Buffer): Promise<PlainMail> {
  // Of the options that the types lack: a report stays a part of its own, where else it is mixed into the text.
  const options = { skipImageLinks: true, skipTextToHtml: true, skipHtmlToText: true, keepDeliveryStatus: true };
  const parsed = await simpleParser(raw, options);
  const headers = headersOf(parsed);
  const html = typeof parsed.html === 'string' ? shown(bare(parsed.html).slice(0, MOST_HTML)).slice(0, MOST_SHOWN_HTML) : null;
  const text = clean(parsed.text?.trim() || (html === null ? '' : wordsOf(html))).trim();
  const reported = parsed.attachments.filter(isReport);
  return {
    from: only(addressesOf(parsed.from), headers),
    to: [...addressesOf(parsed.to), ...addressesOf(parsed.cc)].map(({ address }) => address),
    subject: clean(parsed.subject ?? '').replace(/\s+/g, ' ').trim().slice(0, 500),
    messageId: idsIn(parsed.messageId ?? '')[0] ?? null,
    references: referencesOf(parsed),
    date: parsed.date && !Number.isNaN(parsed.date.getTime()) ? parsed.date : null,
    text,
    newWords: newWords(text),
    html,
    files: parsed.attachments.filter((part) => !isReport(part)).slice(0, MOST_FILES).map(fileOf),
    report: reported.some(({ contentType }) => contentType === 'message/delivery-status') ? reportOf(reported) : null,
    headers,
  };
}

/** Here and now. What comes from strangers is for `reader.ts`. */
export const parseMail = async (raw: Buffer): Promise<Mail> => mailOf(await plainMail(raw));

function headersOf({ headerLines }: ParsedMail): [string, string][] {
  return headerLines.map(({ key, line }) => [key, clean(line.slice(line.indexOf(':') + 1)).replace(/\r?\n\s*/g, ' ').trim()]);
}

/** Two authors, or two headers that name one, are a trick or a committee: nobody can be answered. */
function only(addresses: MailAddress[], headers: [string, string][]): MailAddress | null {
  return addresses.length === 1 && headers.filter(([key]) => key === 'from').length === 1 ? addresses[0]! : null;
}

function addressesOf(named: AddressObject | AddressObject[] | undefined): MailAddress[] {
  const all = [named ?? []].flat().flatMap(({ value }) => value).flatMap((entry) => entry.group ?? [entry]);
  return all.flatMap(({ address, name }) => {
    const plain = normalAddress(address ?? '');
    return plain ? [{ address: plain, name: clean(name).replace(/\s+/g, ' ').trim().slice(0, 100) || null }] : [];
  });
}

/** `<id@host>`, each as it is written. */
export const idsIn = (text: string): string[] => Array.from(text.matchAll(/<[^<>\s]{1,250}>/g), ([id]) => id);

function referencesOf({ references, inReplyTo }: ParsedMail): string[] {
  const before = [references ?? []].flat().flatMap(idsIn);
  const ids = [...before, ...idsIn(inReplyTo ?? '')];
  return [...new Set(ids.toReversed())].slice(0, MOST_REFERENCES).reverse();
}

/** Without what Postgres does not keep. */
const clean = (text: string): string => text.replaceAll('\u0000', '').replace(/\p{Surrogate}/gu, '\ufffd');

const wordsOf = (html: string): string => convert(html, {
  wordwrap: false, limits: { maxDepth: 60, maxInputLength: MOST_SHOWN_HTML }, selectors: [{ selector: 'img', format: 'skip' }, { selector: 'a', options: { hideLinkHrefIfSameAsText: true } }],
});

/** Without what nobody sees and what may be most of it. Never a regular expression: those look for the end again and again. */
function bare(html: string): string {
  return [['<!--', '-->'], ['<style', '</style>'], ['<script', '</script>']].reduce((text, [begin, end]) => without(text, begin!, end!), html);
}

function without(html: string, begin: string, end: string): string {
  // Character by character, so that places in the one are places in the other.
  const lower = html.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  const kept: string[] = [];
  let from = 0;
  for (let at = lower.indexOf(begin); at >= 0; at = lower.indexOf(begin, from)) {
    const ends = lower.indexOf(end, at);
    if (ends < 0) break;
    kept.push(html.slice(from, at));
    from = ends + end.length;
  }
  return [...kept, html.slice(from)].join('');
}

/** No pictures from elsewhere, which tell who looks; no styles, which can hide and imitate; links say where they lead. */
const shown = (html: string): string => clean(sanitizeHtml(html, {
  allowedTags: [...sanitizeHtml.defaults.allowedTags.filter((tag) => tag !== 'img'), 'u', 'del', 'ins'],
  allowedAttributes: { a: ['href', 'title'], td: ['colspan', 'rowspan'], th: ['colspan', 'rowspan'] },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'], allowProtocolRelative: false, nestingLimit: 60,
  transformTags: { a: sanitizeHtml.simpleTransform('a', { rel: 'noopener noreferrer nofollow', target: '_blank' }) },
}));

const isReport = ({ contentType }: Attachment): boolean =>
  contentType === 'message/delivery-status' || contentType === 'message/rfc822' || contentType === 'text/rfc822-headers' || contentType === 'message/global-delivery-status';

function reportOf(parts: Attachment[]): { status: string; returned: string } {
  const text = (wanted: (part: Attachment) => boolean): string => parts.filter(wanted).map(({ content }) => content.toString('utf8').slice(0, 50_000)).join('\n');
  return { status: text(({ contentType }) => contentType.endsWith('delivery-status')), returned: text(({ contentType }) => /rfc822/.test(contentType)) };
}

const fileOf = ({ contentType, filename, content }: Attachment): MailPart => ({
  contentType: contentType.toLowerCase(), name: filename ? clean(filename).slice(0, 200) : null, bytes: content,
});
