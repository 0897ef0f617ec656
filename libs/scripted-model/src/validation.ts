import { z } from 'zod';

/**
 * The part of OpenAI's contract that a client can break, so that a test against this server notices it before a
 * paid model does (https://platform.openai.com/docs/api-reference/chat/create).
 */
const toolCall = z.object({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.object({ name: z.string().min(1), arguments: z.string() }),
});

const textPart = z.looseObject({ type: z.literal('text'), text: z.string() });
/** https://platform.openai.com/docs/guides/images-vision: an address, or the picture itself. */
const imagePart = z.looseObject({
  type: z.literal('image_url'),
  image_url: z.looseObject({ url: z.string().regex(/^(https?:\/\/|data:image\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}$)/) }),
});

const message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, imagePart])).min(1)]).nullish(),
  name: z.string().optional(),
  tool_calls: z.array(toolCall).min(1).optional(),
  tool_call_id: z.string().optional(),
});

const tool = z.object({
  type: z.literal('function'),
  function: z.looseObject({
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
    description: z.string().optional(),
    parameters: z.looseObject({ type: z.literal('object') }).optional(),
  }),
});

const chatRequest = z.looseObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  tools: z.array(tool).min(1).optional(),
  tool_choice: z.unknown().optional(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
});

export type ChatRequest = z.infer<typeof chatRequest>;
export type WireMessage = z.infer<typeof message>;

export type Validated = { request: ChatRequest } | { fault: string; param: string };

export function validate(body: unknown): Validated {
  const parsed = chatRequest.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const param = issue?.path.join('.') ?? '';
    return { fault: `Invalid '${param}': ${issue?.message ?? 'not valid'}.`, param };
  }
  const request = parsed.data;
  if (request.stream_options && !request.stream) {
    return { fault: "The 'stream_options' parameter is only allowed when 'stream' is enabled.", param: 'stream_options' };
  }
  return pairingFault(request.messages) ?? { request };
}

/** Each tool call wants its result before anything else is said, and no result comes unasked. */
function pairingFault(messages: readonly WireMessage[]): Validated | undefined {
  let open = new Set<string>();
  for (const [index, { role, content, tool_calls, tool_call_id }] of messages.entries()) {
    const param = `messages.[${index}].role`;
    if (role === 'tool') {
      if (!open.delete(tool_call_id ?? '')) return { fault: UNASKED, param };
      continue;
    }
    if (open.size > 0) return { fault: `${UNANSWERED}${[...open].join(', ')}`, param };
    open = new Set(tool_calls?.map((call) => call.id));
    if (content == null && !tool_calls) {
      return { fault: `Invalid value for 'content': expected a string, got null.`, param: `messages.[${index}].content` };
    }
  }
  return open.size > 0 ? { fault: `${UNANSWERED}${[...open].join(', ')}`, param: 'messages' } : undefined;
}

// Both sentences are OpenAI's own.
const UNASKED =
  "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.";
const UNANSWERED =
  "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
  'The following tool_call_ids did not have response messages: ';
