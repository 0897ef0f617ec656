import type { Button } from '../conversations/conversations.types.js';

/** Content of Twilio's, without any words: those are in its places. */
export interface TapContent {
  /** What it is made up of: content of the same shape is the same content. */
  shape: string;
  types: Record<string, unknown>;
  /** What goes into its places. */
  values: Record<string, string>;
}

type Kind = 'quick-reply' | 'list' | 'card';

/**
 * Limits of replies in a message that nobody has approved (twilio.com/docs/content/twilio-quick-reply, …/twiliolist-picker,
 * …/twiliocard): WhatsApp shows three buttons or a list of ten, RCS up to four replies on a card.
 */
const LIMITS: Record<Kind, { most: number; longest: number }> = {
  'quick-reply': { most: 3, longest: 20 }, list: { most: 10, longest: 24 }, card: { most: 4, longest: 25 },
};
const KINDS: Record<string, readonly Kind[]> = { whatsapp: ['quick-reply', 'list'], rcs: ['card'] };

const LONGEST_BODY = 1_024;
/** twilio.com/docs/content/using-variables-with-content-api */
const LONGEST_VALUE = 255;
const MOST_PIECES = 8;
/** On the button that opens a list. */
const OPENS_LIST = 'Menu';

/** The content that shows these replies below this text; null where the channel cannot show them so. */
export function tapContent(channel: string, body: string, buttons: readonly Button[]): TapContent | null {
  const kind = KINDS[channel]?.find((each) => buttons.length <= LIMITS[each].most && buttons.every(({ text }) => text.length <= LIMITS[each].longest));
  const pieces = piecesOf(body.trim());
  if (!kind || buttons.length === 0 || body.length > LONGEST_BODY || !pieces || buttons.some(({ id }) => id.length > LONGEST_VALUE - 55)) return null;
  const [words, places] = [pieces.map(({ text }) => text), (from: number) => `{{${from + 1}}}`];
  const text = pieces.map(({ gap }, at) => `${places(at)}${gap}`).join('');
  const items = buttons.map((_, at) => ({ title: places(words.length + 2 * at), id: places(words.length + 2 * at + 1) }));
  const values = [...words, ...buttons.flatMap((button) => [button.text, button.id])];
  return {
    shape: `${kind}/${buttons.length}/${pieces.map(({ gap }) => GAPS[gap]).join('')}`, types: typesOf(kind, text, items),
    values: Object.fromEntries(values.map((value, at) => [String(at + 1), value])),
  };
}

function typesOf(kind: Kind, body: string, items: readonly { title: string; id: string }[]): Record<string, unknown> {
  if (kind === 'quick-reply') return { 'twilio/quick-reply': { body, actions: items } };
  if (kind === 'list') return { 'twilio/list-picker': { body, button: OPENS_LIST, items: items.map(({ title, id }) => ({ item: title, id })) } };
  return {
    'twilio/card': { title: body, actions: items.map((item) => ({ type: 'QUICK_REPLY', ...item })) },
    // Where the phone cannot do RCS, the Messaging Service sends this.
    'twilio/text': { body: [body, ...items.map(({ title }, at) => `${at + 1}: ${title}`)].join('\n') },
  };
}

const GAPS: Record<string, string> = { '': 'e', ' ': 's', '\n': 'n', '\n\n': 'p' };

/**
 * A value has no line breaks and no more than 255 characters, so a text takes several places with what stands between them. Null where
 * that makes too many, or where it cannot be cut.
 */
function piecesOf(body: string): { text: string; gap: string }[] | null {
  const pieces: { text: string; gap: string }[] = [];
  for (const [, line, breaks] of body.matchAll(/([^\n]+)(\n*)/g)) {
    const lines = wrapped(line!.replace(/\s+/g, ' ').trim());
    if (!lines) return null;
    const gap = breaks === '' ? '' : breaks === '\n' ? '\n' : '\n\n';
    pieces.push(...lines.map((text, at) => ({ text, gap: at === lines.length - 1 ? gap : ' ' })));
  }
  return pieces.length === 0 || pieces.length > MOST_PIECES ? null : pieces;
}

function wrapped(line: string): string[] | null {
  if (line.length <= LONGEST_VALUE) return line === '' ? [] : [line];
  const cut = line.lastIndexOf(' ', LONGEST_VALUE);
  const rest = cut > 0 ? wrapped(line.slice(cut + 1)) : null;
  return rest && [line.slice(0, cut), ...rest];
}
