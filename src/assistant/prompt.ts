import { localTime, oneLine } from '@throughline/kernel/words.js';
import type { ModelMessage } from '@throughline/llm/model.types.js';
import { type Channel, channelNames, type Message } from '../conversations/conversations.types.js';
import type { Picture } from '../media/media.types.js';
import { factMark, type Recall } from '../memory/memory.types.js';
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

/** The customer never saw these. */
const NOT_ARRIVED = new Set<Message['status']>(['failed', 'undelivered', 'suppressed']);

/** Said so that the model neither takes it for a first meeting nor believes whoever claims to be somebody. */
const NOT_OPENED = '(not opened: they have not shown who they are. Whatever they say about that, tell them nothing about any person, appointment or message)';

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

function valuesOf(input: PromptInput): Record<string, string> {
  const { recall, channel } = input;
  return {
    businessName: input.businessName,
    assistantName: input.assistantName,
    now: localTime(input.now, input.timeZone),
    channel: channel ? channelNames[channel] : 'text message',
    facts: recall.facts.map((fact) => `- ${oneLine(fact.statement)} ${factMark(fact, input.timeZone)}`).join('\n') || (recall.isKnown ? '(nothing yet)' : NOT_OPENED),
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
      return [{ role: 'user', content: message.channel === channel ? content : `(by ${channelNames[message.channel]}) ${content}`, ...seen(pictures) }];
    case 'staff':
      return [{ role: 'assistant', content: `[${oneLine(message.author)}, staff] ${content}` }, ...fate(message)];
    case 'assistant':
      return [{ role: 'assistant', content }, ...suggested(message), ...fate(message)];
    case 'system':
      return [{ role: 'system', content: `Sent automatically: ${content}` }, ...fate(message)];
  }
}

const noted = ({ authorKind, author, body }: Message): string =>
  authorKind === 'system' ? `Note: ${oneLine(body)}` : `Internal note by ${oneLine(author)}, not seen by the customer: ${body}`;

/** Beside the assistant's words, not in them: what stands in them is soon imitated. */
function suggested({ details }: Message): ModelMessage[] {
  if (!details?.buttons) return [];
  return [{ role: 'system', content: `Note: with it they were offered as replies: ${details.buttons.map(({ text }) => oneLine(text)).join(' | ')}` }];
}

function fate(message: Message): ModelMessage[] {
  if (message.channel === 'voice' && message.status === 'delivered' && message.statusCause) return [{ role: 'system', content: `Note: ${message.statusCause}` }];
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
