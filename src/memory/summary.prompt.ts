import type { ModelMessage } from '@throughline/llm/model.types.js';
import type { Message } from '../conversations/conversations.types.js';

/** What the model is shown to write the next summary: the task and the old summary, then the record as one text. */
export function summaryPrompt(task: string, summary: string | null, messages: readonly Message[]): ModelMessage[] {
  const before = summary === null ? '' : `\n\nSummary so far:\n${summary}`;
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
  const { channel, body, media } = message;
  const attached = media.length > 0 ? ` [attached: ${media.map((item) => item.contentType).join(', ')}]` : '';
  return `${speaker(message)} (${channel}): ${body}${attached}`;
}

function speaker({ authorKind, author }: Message): string {
  if (authorKind === 'contact') return 'Customer';
  if (authorKind === 'assistant') return 'Assistant';
  return authorKind === 'staff' ? `${author}, staff` : 'Note';
}
