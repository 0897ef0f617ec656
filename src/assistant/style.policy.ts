import { lexer, type Token, type Tokens } from 'marked';
import type { Channel } from '../conversations/conversations.types.js';

export interface Style {
  /** What the model is told of the channel. */
  hint: string;
  /** What of Markdown the channel shows: nothing, WhatsApp's own marks (https://faq.whatsapp.com/539178204879377), or all. */
  markup: 'none' | 'whatsapp' | 'markdown';
  /** In characters. An answer beyond it is asked for again, shorter. */
  longest: number;
}

const PLAIN = 'plain text: no Markdown, no headings, no bullet points; a link is written out';

const STYLES: Record<Channel, Style> = {
  // Three segments in the GSM alphabet are 459 characters; some carriers lose the order of more.
  sms: { hint: `SMS: ${PLAIN}. At most 300 characters if you can, never more than 450.`, markup: 'none', longest: 459 },
  rcs: { hint: `RCS: ${PLAIN}. At most 600 characters.`, markup: 'none', longest: 1_000 },
  // Twilio's limit of a body; what is longer becomes several messages.
  whatsapp: { hint: 'WhatsApp: short paragraphs; *bold* and _italic_ where they help, no headings, no tables. At most 800 characters.', markup: 'whatsapp', longest: 1_600 },
  voice: {
    hint: 'a phone call: they hear what you write, word for word. One or two short sentences, one question at a time; no marks, no lists, no links, numbers and times as one says them.',
    markup: 'none', longest: 600,
  },
  chat: { hint: 'web chat: short paragraphs; Markdown lists and links where they help. At most 800 characters.', markup: 'markdown', longest: 2_000 },
  email: { hint: 'e-mail: a greeting, paragraphs, a closing line; Markdown lists and links where they help.', markup: 'markdown', longest: 4_000 },
};

export const styleOf = (channel: Channel | null): Style => STYLES[channel ?? 'sms'];

/** Without one of these nothing is Markdown, and the text is left to the letter. */
const MARKS = /[*_`#[\]>|~]|^-{3,}\s*$/m;

/** An answer as the channel shows it: models write Markdown whatever they are told. */
export function dressed(text: string, channel: Channel | null): string {
  const { markup } = styleOf(channel);
  if (markup === 'markdown' || !MARKS.test(text)) return text;
  return blocks(lexer(text), markup === 'whatsapp').replace(/\n{3,}/g, '\n\n').trim();
}

const blocks = (tokens: readonly Token[], marks: boolean): string => tokens.map((token) => block(token, marks)).join('');

function block(token: Token, marks: boolean): string {
  switch (token.type) {
    case 'heading':
      return `${bold(inline(token.tokens ?? [], marks), marks)}\n`;
    case 'paragraph':
    case 'text':
      return `${token.tokens ? inline(token.tokens, marks) : token.raw}\n`;
    case 'list':
      return `${(token as Tokens.List).items.map((item) => listed(item, marks)).join('\n')}\n`;
    case 'blockquote':
      return blocks(token.tokens ?? [], marks);
    case 'code':
      return `${codeOf(token as Tokens.Code)}\n`;
    case 'table':
      return `${rowsOf(token as Tokens.Table).map((cells) => cells.map((cell) => inline(cell.tokens, marks)).join(', ')).join('\n')}\n`;
    case 'hr':
    case 'space':
      return '\n';
    default:
      return token.raw;
  }
}

/** Without its fence and the name of its language; but a fence that never closes was no code. */
const codeOf = ({ raw, text }: Tokens.Code): string => (text.trim() === '' || raw.trimStart().startsWith('~') ? raw : text);

const rowsOf = ({ header, rows }: Tokens.Table): Tokens.TableCell[][] => [header, ...rows];

/** With the number as it was written: it may be a date or a price. */
function listed(item: Tokens.ListItem, marks: boolean): string {
  const [number] = /^\s*\d+[.)]/.exec(item.raw) ?? ['-'];
  return `${number.trim()} ${blocks(item.tokens, marks).trim()}`.trimEnd();
}

const inline = (tokens: readonly Token[], marks: boolean): string => tokens.map((token) => span(token, marks)).join('');

function span(token: Token, marks: boolean): string {
  const inner = (): string => inline(('tokens' in token && token.tokens) || [], marks);
  switch (token.type) {
    case 'strong':
      return bold(inner(), marks);
    case 'em':
      return marks ? `_${inner()}_` : inner();
    case 'del':
      return marks ? `~${inner()}~` : inner();
    case 'codespan':
      return (token as Tokens.Codespan).text;
    case 'escape':
      return (token as Tokens.Escape).text;
    case 'br':
      return '\n';
    case 'link':
      return linked(inner(), token as Tokens.Link);
    case 'image':
      return linked((token as Tokens.Image).text, token as Tokens.Image);
    case 'text':
      return token.tokens ? inner() : token.raw;
    default:
      return token.raw;
  }
}

const bold = (text: string, marks: boolean): string => (marks && text ? `*${text.replaceAll('*', '')}*` : text);

/** An address that stands for itself stays as it was written. */
function linked(text: string, { href, raw }: Tokens.Link | Tokens.Image): string {
  if (!raw.startsWith('[') && !raw.startsWith('!')) return raw.replace(/^<(.*)>$/, '$1');
  const address = href.replace(/^(mailto|tel):/, '');
  return text === '' || text === href || text === address ? address : `${text} (${address})`;
}
