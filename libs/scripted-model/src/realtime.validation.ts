import { z } from 'zod';

/**
 * What a client may say to OpenAI's Realtime API (GA), as far as it is played here. Old names of the beta are refused, as there.
 * https://platform.openai.com/docs/api-reference/realtime-client-events
 */
const sound = z.strictObject({ type: z.literal('audio/pcmu') });
const tool = z.looseObject({
  type: z.literal('function'), name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/), description: z.string().optional(), parameters: z.looseObject({ type: z.literal('object') }).optional(),
});

const session = z.strictObject({
  type: z.literal('realtime'),
  model: z.string().optional(),
  output_modalities: z.array(z.enum(['audio', 'text'])).length(1).optional(),
  instructions: z.string().optional(),
  audio: z.strictObject({
    input: z.strictObject({
      format: sound.optional(),
      noise_reduction: z.strictObject({ type: z.enum(['near_field', 'far_field']) }).nullish(),
      transcription: z.strictObject({ model: z.string(), language: z.string().optional(), prompt: z.string().optional() }).nullish(),
      turn_detection: z.strictObject({
        type: z.literal('server_vad'), threshold: z.number().optional(), prefix_padding_ms: z.number().optional(), silence_duration_ms: z.number().optional(),
        create_response: z.boolean().optional(), interrupt_response: z.boolean().optional(), idle_timeout_ms: z.number().nullish(),
      }).nullish(),
    }).optional(),
    output: z.strictObject({ format: sound.optional(), voice: z.string().optional(), speed: z.number().min(0.25).max(1.5).optional() }).optional(),
  }).optional(),
  tools: z.array(tool).optional(),
  tool_choice: z.unknown().optional(),
  max_output_tokens: z.union([z.number().int().min(1).max(4_096), z.literal('inf')]).optional(),
});
export type SessionUpdate = z.infer<typeof session>;

const content = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('input_text'), text: z.string() }),
  z.strictObject({ type: z.literal('output_text'), text: z.string() }),
]);

const item = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('message'), role: z.enum(['system', 'user', 'assistant']), content: z.array(content).min(1) })
    .refine(({ role, content: parts }) => parts.every(({ type }) => (type === 'output_text') === (role === 'assistant')), 'the assistant has output_text, all others have input_text'),
  z.strictObject({ type: z.literal('function_call_output'), call_id: z.string().min(1), output: z.string() }),
]);

const response = z.strictObject({
  conversation: z.enum(['auto', 'none']).optional(), input: z.array(z.unknown()).optional(), instructions: z.string().optional(), tools: z.array(tool).optional(),
  tool_choice: z.unknown().optional(), metadata: z.record(z.string(), z.string()).optional(),
});
export type ResponseWish = z.infer<typeof response>;

const event_id = z.string().max(512).optional();

export const clientEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('session.update'), event_id, session }),
  z.strictObject({ type: z.literal('input_audio_buffer.append'), event_id, audio: z.base64() }),
  z.strictObject({ type: z.literal('conversation.item.create'), event_id, previous_item_id: z.string().optional(), item }),
  z.strictObject({ type: z.literal('conversation.item.truncate'), event_id, item_id: z.string(), content_index: z.literal(0), audio_end_ms: z.number().int().min(0) }),
  z.strictObject({ type: z.literal('response.create'), event_id, response: response.default({}) }),
  z.strictObject({ type: z.literal('response.cancel'), event_id, response_id: z.string().optional() }),
]);
export type ClientEvent = z.infer<typeof clientEvent>;
