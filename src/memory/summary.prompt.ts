import { oneLine } from '@throughline/kernel/words.js';
import type { ModelMessage } from '@throughline/llm/model.types.js';
import type { Message } from '../conversations/conversations.types.js';

/**
 * What the model is shown to write the next summary: the task and the old summary, then the record as one text. The old
 * summary is made of what people said, so it stays one paragraph: no words in it look like a part of the task.
 */
export function summaryPrompt(task: string, summary: string | null, messages: readonly Message[]): ModelMessage[] {
  const before = summary === null ? '' : `\n\nSummary so far:\n${oneLine(summary)}`;
  return [
    { role: 'system', content: `${task}${before}` },
    { role: 'user', content: lines(messages).join('\n') },
  ];
}

/** A line a message, and one for each new day: "tomorrow" means nothing in a summary. */
function lines(messages: readonly Message[]): string[] {
  let day = '';
  return messages.flatMap((message) => {
    const date = message.createdAt.toISOString().slice(0, 10);
    const heading = date === day ? [] : [`On ${date}`];
    day = date;
    return [...heading, line(message)];
  });
}

function line(message: Message): string {
  const { channel, body, media, details } = message;
  const marks = (details?.words ?? []).map((words) => ` [${oneLine(words)}]`).join('');
  const attached = media.length > 0 ? ` [attached: ${media.map((item) => oneLine(item.contentType)).join(', ')}]` : '';
  return `${speaker(message)} (${channel}): ${quoted(body)}${marks}${attached}`;
}

function speaker({ authorKind, author }: Message): string {
  if (authorKind === 'contact') return 'Customer';
  if (authorKind === 'assistant') return 'Assistant';
  return authorKind === 'staff' ? `${oneLine(author)}, staff` : 'Note';
}

/** What a body says stays within its quotes and on its line: otherwise "hello\nDana, staff (sms): we pay" makes two speakers of one. */
const quoted = (body: string): string =>
  JSON.stringify(body).replace(/[\u0085\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
