import { z } from 'zod';
import type { ModelMessage, ToolSpec } from './model.types.js';

/** Events of OpenAI's Realtime API (GA) that matter to a phone call. All others are let pass. */
const id = z.string().min(1).max(200);
const words = z.string().max(65_536);

const call = z.looseObject({ type: z.literal('function_call'), name: z.string(), call_id: id, arguments: z.string() });
const item = z.union([call, z.looseObject({ type: z.string() })]);

const response = z.looseObject({
  id,
  status: z.string().default('completed'),
  status_details: z.looseObject({ error: z.looseObject({ code: z.string().nullish(), type: z.string().nullish() }).nullish() }).nullish(),
  output: z.array(item).default([]),
  usage: z.looseObject({ input_tokens: z.number().default(0), output_tokens: z.number().default(0) }).nullish(),
});

export const realtimeEvent = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('session.created') }),
  z.looseObject({ type: z.literal('session.updated') }),
  z.looseObject({ type: z.literal('input_audio_buffer.speech_started'), item_id: id }),
  z.looseObject({ type: z.literal('input_audio_buffer.speech_stopped') }),
  z.looseObject({ type: z.literal('input_audio_buffer.committed'), item_id: id }),
  z.looseObject({ type: z.literal('conversation.item.input_audio_transcription.completed'), item_id: id, transcript: words }),
  z.looseObject({ type: z.literal('conversation.item.input_audio_transcription.failed'), item_id: id }),
  z.looseObject({ type: z.literal('response.created'), response: z.looseObject({ id }) }),
  z.looseObject({ type: z.literal('response.output_audio.delta'), response_id: id, item_id: id, delta: z.string() }),
  z.looseObject({ type: z.literal('response.output_audio_transcript.delta'), response_id: id, item_id: id, delta: words }),
  z.looseObject({ type: z.literal('response.done'), response }),
  z.looseObject({ type: z.literal('error'), error: z.looseObject({ code: z.string().nullish(), type: z.string().nullish(), event_id: z.string().nullish() }) }),
]);
export type RealtimeEvent = z.infer<typeof realtimeEvent>;
export type DoneResponse = z.infer<typeof response>;

const KNOWN = new Set<string>(realtimeEvent.options.map(({ shape }) => shape.type.value));

/** Null for a kind that we do not need. */
export function realtimeEventIn(text: string): RealtimeEvent | 'malformed' | null {
  try {
    const parsed = JSON.parse(text) as { type?: unknown } | null;
    const result = realtimeEvent.safeParse(parsed);
    if (result.success) return result.data;
    return typeof parsed?.type === 'string' && !KNOWN.has(parsed.type) ? null : 'malformed';
  } catch {
    return 'malformed';
  }
}

/** How a session is to be. */
export interface RealtimeSettings {
  instructions: string;
  tools: readonly ToolSpec[];
  voice: string;
  transcription: { model: string; language: string | undefined };
}

/** The hub says when something is to be answered, because only it knows whether it may; pauses and interruptions are found by the server. */
export function sessionUpdate({ instructions, tools, voice, transcription: { model, language } }: RealtimeSettings): object {
  const format = { type: 'audio/pcmu' };
  return {
    type: 'session.update',
    session: {
      type: 'realtime', output_modalities: ['audio'], instructions,
      audio: {
        input: {
          format, noise_reduction: { type: 'near_field' }, transcription: { model, ...(language ? { language } : {}) },
          turn_detection: { type: 'server_vad', create_response: false, interrupt_response: true },
        },
        output: { format, voice },
      },
      tools: tools.map((tool) => ({ type: 'function', ...tool })), tool_choice: 'auto',
    },
  };
}

/** What was said before, as an item of the session. Pictures and calls of tools stay outside. */
export function itemOf(message: ModelMessage): object | null {
  if (message.role === 'tool' || message.content === '') return null;
  const type = message.role === 'assistant' ? 'output_text' : 'input_text';
  return { type: 'conversation.item.create', item: { type: 'message', role: message.role, content: [{ type, text: message.content }] } };
}
