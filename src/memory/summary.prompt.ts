import type { ModelMessage } from '@throughline/llm/model.types.js';
import type { Message } from '../conversations/conversations.types.js';

/** What the model is shown to write the next summary: the task, then the record as one text that is only data. */
export function summaryPrompt(task: string, summary: string | null, messages: readonly Message[]): ModelMessage[] {
  const record = messages.map(line).join('\n');
  return [
    { role: 'system', content: task },
    { role: 'user', content: `Summary so far:\n${summary ?? '(none)'}\n\nMessages after it:\n${record}` },
  ];
}

function line(message: Message): string {
  const { createdAt, channel, body, media } = message;
  const attached = media.length > 0 ? ` [attached: ${media.map((item) => item.contentType).join(', ')}]` : '';
  return `${createdAt.toISOString().slice(0, 16)}Z ${speaker(message)} (${channel}): ${body}${attached}`;
}

function speaker({ authorKind, author }: Message): string {
  if (authorKind === 'contact') return 'Customer';
  if (authorKind === 'assistant') return 'Assistant';
  return authorKind === 'staff' ? `${author}, staff` : 'Note';
}
