import { randomUUID } from 'node:crypto';
import type { FinishReason, ModelEvent, ModelUsage, ToolCall } from './model.types.js';
import type { Chunk } from './wire.js';

type Delta = Chunk['choices'][number]['delta'] & { reasoning_content?: unknown; reasoning?: unknown };
type CallPiece = NonNullable<Delta['tool_calls']>[number];

/** Puts one answer together from its chunks, leniently: "compatible" servers differ in every optional field. */
export class Reading {
  /** A token was seen, so the answer must not be asked for again. */
  started = false;
  private finish: string | undefined;
  private usage: ModelUsage | undefined;
  private readonly calls: ToolCall[] = [];
  private readonly callAt = new Map<number, ToolCall>();

  get finished(): boolean {
    return this.finish !== undefined;
  }

  /** Takes a chunk in and returns the text in it. */
  take(chunk: Chunk): string {
    if (chunk.usage) {
      this.usage = { inputTokens: chunk.usage.prompt_tokens, outputTokens: chunk.usage.completion_tokens };
    }
    // Azure's first chunk and everybody's usage chunk have no choices.
    const choice = chunk.choices?.[0];
    if (!choice) return '';
    const delta: Delta = choice.delta ?? {};
    for (const piece of delta.tool_calls ?? []) this.takeCall(piece);
    if (choice.finish_reason) this.finish = choice.finish_reason;
    // A refusal is said in a field of its own; to the customer it is what the model said.
    const text = (delta.content ?? '') + (delta.refusal ?? '');
    // Reasoning is hidden but paid for, and a sign of life: it counts as started.
    if (text || delta.tool_calls?.length || delta.reasoning_content || delta.reasoning) this.started = true;
    return text;
  }

  *ending(): Generator<ModelEvent> {
    const reason = this.finishReason();
    for (const call of this.calls) {
      const args = call.arguments.trim() === '' ? '{}' : call.arguments;
      // An answer that ran out of tokens may end inside a call: half a call is not handed out.
      if ((reason === 'length' || reason === 'content_filter') && !isJson(args)) continue;
      yield { type: 'tool_call', id: call.id, name: call.name, arguments: args };
    }
    yield { type: 'end', finishReason: reason, ...(this.usage ? { usage: this.usage } : {}) };
  }

  /** Pieces belong together by index; some servers leave it out and send each call whole, or by id. */
  private takeCall(piece: CallPiece): void {
    const known = this.find(piece);
    const call = known ?? { id: piece.id || `call_${randomUUID()}`, name: '', arguments: '' };
    if (!known) {
      this.calls.push(call);
      if (typeof piece.index === 'number') this.callAt.set(piece.index, call);
    }
    call.name ||= piece.function?.name ?? '';
    call.arguments += piece.function?.arguments ?? '';
  }

  private find(piece: CallPiece): ToolCall | undefined {
    if (typeof piece.index === 'number') return this.callAt.get(piece.index);
    if (piece.id) return this.calls.find((call) => call.id === piece.id);
    return piece.function?.name ? undefined : this.calls.at(-1);
  }

  private finishReason(): FinishReason {
    if (this.finish === 'length' || this.finish === 'content_filter') return this.finish;
    // Some servers say 'stop', or words of their own, after a tool call.
    return this.calls.length > 0 ? 'tool_calls' : 'stop';
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
