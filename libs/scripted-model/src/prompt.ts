import type { ChatRequest, WireMessage } from './validation.js';

/** What the model was shown, with the questions that scripts ask about it. */
export class Prompt {
  constructor(readonly request: ChatRequest) {}

  get messages(): readonly WireMessage[] {
    return this.request.messages;
  }

  /** All instructions, facts and summaries: the texts of the system and developer messages. */
  get system(): string {
    return this.textsOf('system', 'developer').join('\n');
  }

  get userTexts(): string[] {
    return this.textsOf('user');
  }

  /** The text of the last user message; empty if there is none. */
  get lastUserText(): string {
    return this.userTexts.at(-1) ?? '';
  }

  /** How many pictures came with the last user message. */
  get lastUserImages(): number {
    const content = this.messages.findLast(({ role }) => role === 'user')?.content;
    return Array.isArray(content) ? content.filter((part) => part.type === 'image_url').length : 0;
  }

  /** The result this request brings back to the model, where it follows a tool call. */
  get toolResult(): { tool: string; content: string } | undefined {
    const last = this.messages.findLast((message) => message.role === 'user' || message.role === 'tool');
    if (last?.role !== 'tool') return undefined;
    return { tool: this.nameOfCall(last.tool_call_id), content: textOf(last) };
  }

  /** The job named in a system line `TASK: <name>`: work in the background, not a reply to somebody. */
  get task(): string | undefined {
    return /^\s*TASK:\s*([\w-]+)/m.exec(this.system)?.[1]?.toLowerCase();
  }

  get toolNames(): string[] {
    return (this.request.tools ?? []).map((tool) => tool.function.name);
  }

  offers(tool: string): boolean {
    return this.request.tool_choice !== 'none' && this.toolNames.includes(tool);
  }

  /** All that was sent, as one text, to count its tokens. */
  get length(): number {
    return this.messages.reduce((sum, message) => sum + textOf(message).length, 0);
  }

  private textsOf(...roles: string[]): string[] {
    return this.messages.filter((message) => roles.includes(message.role)).map(textOf);
  }

  private nameOfCall(id: string | undefined): string {
    for (const message of this.messages) {
      const call = message.tool_calls?.find((candidate) => candidate.id === id);
      if (call) return call.function.name;
    }
    return '';
  }
}

export function textOf(message: WireMessage): string {
  if (typeof message.content === 'string') return message.content;
  return (message.content ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('');
}
