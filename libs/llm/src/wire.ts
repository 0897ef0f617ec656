import type {
  ChatCompletionChunk,
  ChatCompletionContentPartImage,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { ModelImage, ModelMessage, ModelRequest } from './model.types.js';

export type Chunk = ChatCompletionChunk;

/** A request as chat completions wants it (https://platform.openai.com/docs/api-reference/chat/create). */
export function toWire(request: ModelRequest, model: string, baseUrl: string): ChatCompletionCreateParamsStreaming {
  return {
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: request.messages.map(wireMessage),
    ...(request.tools?.length ? { tools: request.tools.map((tool) => ({ type: 'function' as const, function: tool })) } : {}),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...outputLimit(request.maxOutputTokens, baseUrl),
  };
}

/** OpenAI's newer models refuse `max_tokens`; most compatible servers know nothing else. */
function outputLimit(tokens: number | undefined, baseUrl: string): { max_tokens?: number; max_completion_tokens?: number } {
  if (tokens === undefined) return {};
  const openai = /(^|\.)openai\.(azure\.)?com$/.test(new URL(baseUrl).hostname);
  return openai ? { max_completion_tokens: tokens } : { max_tokens: tokens };
}

function wireMessage(message: ModelMessage): ChatCompletionMessageParam {
  const content = wellFormed(message.content);
  switch (message.role) {
    case 'system':
      return { role: 'system', content };
    case 'user':
      return { role: 'user', content: message.images?.length ? [{ type: 'text', text: content }, ...message.images.map(imagePart)] : content };
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content };
    case 'assistant':
      if (!message.toolCalls?.length) return { role: 'assistant', content };
      return {
        role: 'assistant',
        content: content === '' ? null : content,
        tool_calls: message.toolCalls.map(({ id, name, arguments: args }) => ({
          id,
          type: 'function',
          function: { name, arguments: args },
        })),
      };
  }
}

/** In the request itself, since our files are nowhere that a provider could fetch them from. */
const imagePart = ({ contentType, base64 }: ModelImage): ChatCompletionContentPartImage =>
  ({ type: 'image_url', image_url: { url: `data:${contentType};base64,${base64}` } });

/** Half an emoji, left where a text was cut, makes strict providers refuse the whole request. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
