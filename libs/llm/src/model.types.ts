/** What is asked of a model and what it answers, in the words of the house. */

export interface ToolCall {
  id: string;
  name: string;
  /** Raw JSON as the model wrote it: whoever carries the call out validates it. */
  arguments: string;
}

export interface ModelImage {
  /** `image/jpeg`, `image/png`, `image/gif` or `image/webp`. */
  contentType: string;
  base64: string;
}

export type ModelMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string; images?: readonly ModelImage[] }
  | { role: 'assistant'; content: string; toolCalls?: readonly ToolCall[] }
  | { role: 'tool'; toolCallId: string; content: string };

export interface ToolSpec {
  name: string;
  description: string;
  /** JSON Schema of the arguments, `type: 'object'`. */
  parameters: Record<string, unknown>;
}

export interface ModelRequest {
  messages: readonly ModelMessage[];
  tools?: readonly ToolSpec[];
  maxOutputTokens?: number;
  temperature?: number;
  /** Stops the answer, e.g. when a newer message makes it stale: `model_cancelled`. */
  signal?: AbortSignal;
  /** Milliseconds for the whole answer, retries included; shortens the client's own limit. */
  deadlineMs?: number;
}

/** `length` and `content_filter` are outcomes to react to, not failures. */
export type FinishReason = 'stop' | 'tool_calls' | 'length' | 'content_filter';

export interface ModelUsage {
  inputTokens: number;
  outputTokens: number;
}

export type ModelEvent =
  | { type: 'text'; delta: string }
  | ({ type: 'tool_call' } & ToolCall)
  | { type: 'end'; finishReason: FinishReason; usage?: ModelUsage };

export interface ModelAnswer {
  text: string;
  toolCalls: ToolCall[];
  finishReason: FinishReason;
  usage?: ModelUsage;
}
