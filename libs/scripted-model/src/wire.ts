import type { Piece } from './pieces.js';
import type { FinishReason } from './script.js';

/** OpenAI's shapes, field by field (https://platform.openai.com/docs/api-reference/chat/streaming). */
export interface Head {
  id: string;
  created: number;
  model: string;
  /** The client asked for usage: then every chunk has the field, null but in the last. */
  withUsage: boolean;
}

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

export interface WireCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

export const DONE = 'data: [DONE]\n\n';

export const sse = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

export function roleChunk(head: Head, saysText: boolean): unknown {
  return chunk(head, { role: 'assistant', content: saysText ? '' : null, refusal: null });
}

export function pieceChunk(head: Head, piece: Piece): unknown {
  switch (piece.kind) {
    case 'text':
      return chunk(head, { content: piece.text });
    case 'call': {
      const call = { index: piece.index, id: piece.id, type: 'function', function: { name: piece.name, arguments: '' } };
      return chunk(head, { tool_calls: [call] });
    }
    case 'arguments':
      return chunk(head, { tool_calls: [{ index: piece.index, function: { arguments: piece.text } }] });
    case 'finish':
      return chunk(head, {}, piece.reason);
    case 'error':
      return errorBody(500, { message: piece.message });
    case 'break':
      return undefined;
  }
}

export function usageChunk(head: Head, usage: Usage): unknown {
  return { ...envelope(head, 'chat.completion.chunk'), choices: [], usage };
}

export function completion(head: Head, text: string, calls: WireCall[], reason: FinishReason, usage?: Usage): unknown {
  const message = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    annotations: [],
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: reason }];
  return { ...envelope(head, 'chat.completion'), choices, ...(usage ? { usage } : {}) };
}

export function modelList(models: readonly string[], created: number): unknown {
  return { object: 'list', data: models.map((id) => ({ id, object: 'model', created, owned_by: 'throughline' })) };
}

function chunk(head: Head, delta: unknown, reason: FinishReason | null = null): unknown {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: reason }];
  return { ...envelope(head, 'chat.completion.chunk'), choices, ...(head.withUsage ? { usage: null } : {}) };
}

function envelope({ id, created, model }: Head, object: string): Record<string, unknown> {
  return { id, object, created, model, service_tier: 'default', system_fingerprint: 'fp_scripted' };
}

interface Failure {
  message?: string | undefined;
  code?: string | undefined;
  param?: string | undefined;
}

/** Type, code and sentence for each status: https://platform.openai.com/docs/guides/error-codes */
const FAILURES: Record<number, [type: string, code: string | null, message: string]> = {
  400: ['invalid_request_error', null, 'The request is not valid.'],
  401: ['invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.'],
  403: ['invalid_request_error', 'unsupported_country_region_territory', 'Country, region, or territory not supported.'],
  404: ['invalid_request_error', 'model_not_found', 'The model does not exist or you do not have access to it.'],
  413: ['invalid_request_error', null, 'The request is too large.'],
  429: ['requests', 'rate_limit_exceeded', 'Rate limit reached for requests.'],
  500: ['server_error', null, 'The server had an error while processing your request.'],
  503: ['server_error', null, 'The engine is currently overloaded, please try again later.'],
};

export function errorBody(status: number, { message, code, param }: Failure = {}): unknown {
  const [type, usualCode, usualMessage] = FAILURES[status] ?? FAILURES[status >= 500 ? 500 : 400]!;
  const ownType = code === 'insufficient_quota' ? code : type;
  return { error: { message: message ?? usualMessage, type: ownType, param: param ?? null, code: code ?? usualCode } };
}
