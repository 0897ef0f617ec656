import type { ModelMessage } from '@throughline/llm/model.types.js';
import { DateTime } from 'luxon';
import type { Channel, Message } from '../conversations/conversations.types.js';
import type { Picture } from '../media/media.types.js';
import { type Fact, type Recall, refOf } from '../memory/memory.types.js';
import { styleOf } from './style.policy.js';

export interface PromptInput {
  /** The template of the system message, with `{{placeholders}}`. */
  template: string;
  /** Said after it, whoever wrote the template. */
  groundRules: string;
  businessName: string;
  assistantName: string;
  now: Date;
  timeZone: string;
  channel: Channel | null;
  recall: Recall;
  /** What the model is to see, by message. */
  pictures?: ReadonlyMap<string, readonly Picture[]>;
}

const CHANNEL_NAMES: Record<Channel | 'internal', string> = {
  sms: 'SMS', whatsapp: 'WhatsApp', rcs: 'RCS', voice: 'phone', chat: 'web chat', email: 'e-mail', internal: 'an internal note',
};

/** The customer never saw these. */
const NOT_ARRIVED = new Set<Message['status']>(['failed', 'undelivered', 'suppressed']);

/** Everything the model is shown for one reply: instructions, what is known, the recent messages in their order. */
export function buildPrompt(input: PromptInput): ModelMessage[] {
  const { recall, channel } = input;
  const system = `${rendered(input.template, valuesOf(input))}\n\n${input.groundRules}\n\nHow your answer is shown, and how long it may be: ${styleOf(channel).hint}`;
  const messages: ModelMessage[] = [{ role: 'system', content: system }];
  for (const message of recall.turns) messages.push(...shown(message, channel, input.pictures?.get(message.id) ?? []));
  if (recall.turns.some(isMark)) messages.push({ role: 'system', content: YOUR_TURN });
  return messages;
}

const YOUR_TURN = 'The conversation is with you now, whatever earlier notes say. Answer the customer.';

const isMark = (message: Message): boolean => message.direction === 'internal';

/** Local time in words. An unknown time zone is no reason to leave a customer without an answer. */
export function localTime(now: Date, timeZone: string): string {
  return localised(now, timeZone).toFormat("cccc, d LLLL yyyy, HH:mm '('z')'");
}

function localised(at: Date, timeZone: string): DateTime {
  const local = DateTime.fromJSDate(at, { zone: timeZone });
  return (local.isValid ? local : DateTime.fromJSDate(at, { zone: 'utc' })).setLocale('en');
}

/** Below this a fact is shown as a guess. */
const SURE = 0.5;

/** Behind a fact: what tools call it, when and where it was learned, and whether it is doubtful. `[0a1b2c; 5 January 2026, SMS]` */
export function factMark(fact: Fact, timeZone: string): string {
  const day = localised(fact.createdAt, timeZone).toFormat('d LLLL yyyy');
  return `[${refOf(fact)}; ${day}${fact.channel ? `, ${CHANNEL_NAMES[fact.channel]}` : ''}${fact.confidence < SURE ? ', not certain' : ''}]`;
}

function valuesOf(input: PromptInput): Record<string, string> {
  const { recall, channel } = input;
  return {
    businessName: input.businessName,
    assistantName: input.assistantName,
    now: localTime(input.now, input.timeZone),
    channel: channel ? CHANNEL_NAMES[channel] : 'text message',
    facts: recall.facts.map((fact) => `- ${oneLine(fact.statement)} ${factMark(fact, input.timeZone)}`).join('\n') || '(nothing yet)',
    // Made of what people said: one paragraph, so that nothing in it looks like a heading or a rule of ours.
    summary: oneLine(recall.summary ?? ''),
  };
}

/** One pass: a placeholder inside a value, say in a customer's words, stays as it is. */
function rendered(template: string, values: Record<string, string>): string {
  return template.replace(/\{\{\s*(\w+)\s*\}\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}

/** Only the customer's messages carry their channel: a mark in front of the assistant's own would soon be imitated. */
function shown(message: Message, channel: Channel | null, pictures: readonly Picture[]): ModelMessage[] {
  if (message.direction === 'internal') return [{ role: 'system', content: noted(message) }];
  const content = withAttachments(message, pictures.length);
  switch (message.authorKind) {
    case 'contact':
      return [{ role: 'user', content: message.channel === channel ? content : `(by ${CHANNEL_NAMES[message.channel]}) ${content}`, ...seen(pictures) }];
    case 'staff':
      return [{ role: 'assistant', content: `[${oneLine(message.author)}, staff] ${content}` }, ...fate(message)];
    case 'assistant':
      return [{ role: 'assistant', content }, ...fate(message)];
    case 'system':
      return [{ role: 'system', content: `Sent automatically: ${content}` }, ...fate(message)];
  }
}

const noted = ({ authorKind, author, body }: Message): string =>
  authorKind === 'system' ? `Note: ${oneLine(body)}` : `Internal note by ${oneLine(author)}, not seen by the customer: ${body}`;

function fate(message: Message): ModelMessage[] {
  if (!NOT_ARRIVED.has(message.status)) return [];
  return [{ role: 'system', content: 'Note: the message before this one did not reach the customer.' }];
}

const seen = (pictures: readonly Picture[]): { images?: { contentType: string; base64: string }[] } =>
  pictures.length === 0 ? {} : { images: pictures.map(({ contentType, bytes }) => ({ contentType, base64: bytes.toString('base64') })) };

function withAttachments({ body, media, details }: Message, visible: number): string {
  const marks = (details?.words ?? []).map((words) => `[${oneLine(words)}]`);
  const shownOf = visible === 0 ? 'not shown' : visible === media.length ? 'shown' : `${visible} of ${media.length} shown`;
  const attached = media.length === 0 ? [] : [`[attached, ${shownOf}: ${media.map((item) => item.contentType).join(', ')}]`];
  return [...(body ? [body] : []), ...marks, ...attached].join('\n');
}

/** Nothing in it looks like a line of ours. */
export const oneLine = (text: string): string => text.replace(/[\s\u0085]+/g, ' ').trim();
