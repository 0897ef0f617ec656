import { z } from 'zod';

/**
 * What Vapi sends us, in its own spelling; unknown fields are let through, because there are hundreds and more each month. Sources: docs.vapi.ai/server-url/events,
 * …/customization/custom-llm, …/api-reference.
 */
const text = (longest: number) => z.string().max(longest).optional().catch(undefined);

const phone = z.looseObject({ number: text(64) }).optional().catch(undefined);

/** One phone call, as Vapi tells of it. */
export const vapiCall = z.looseObject({
  id: z.string().regex(/^[\w-]{1,64}$/, 'expected the id of a call'),
  /** The CallSid, where the call came by Twilio. */
  phoneCallProviderId: text(64),
  customer: phone,
  phoneNumber: phone,
  monitor: z.looseObject({ controlUrl: text(2_048) }).optional().catch(undefined),
});
export type VapiCall = z.infer<typeof vapiCall>;

const spoken = z.looseObject({ role: z.string().max(32), content: z.unknown() });
export type Spoken = z.infer<typeof spoken>;

/** A server message, inside of its envelope. */
export const serverMessage = z.looseObject({
  type: z.string().min(1).max(100),
  call: vapiCall.optional(),
  customer: phone,
  phoneNumber: phone,
  status: text(32),
  role: text(32),
  endedReason: text(200),
  toolCallList: z.array(z.looseObject({ id: z.string().max(200) })).max(50).optional().catch(undefined),
  artifact: z.looseObject({ messagesOpenAIFormatted: z.array(spoken).max(5_000).optional().catch(undefined) }).optional().catch(undefined),
});
export type ServerMessage = z.infer<typeof serverMessage>;

export const serverEnvelope = z.looseObject({ message: serverMessage });

/** What the custom model is asked: OpenAI's chat completions, with the call beside it. */
export const completionRequest = z.looseObject({
  messages: z.array(spoken).max(5_000),
  stream: z.boolean().default(false),
  call: vapiCall.optional(),
});
export type CompletionRequest = z.infer<typeof completionRequest>;

/** The text of a message, where it comes in parts too. */
export function contentOf({ content }: Spoken): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: unknown) => (isText(part) ? part.text : '')).join(' ');
}

const isText = (part: unknown): part is { text: string } => typeof part === 'object' && part !== null && typeof (part as { text?: unknown }).text === 'string';

/** The answer to a call that was created to be joined by TwiML. */
export const createdCall = z.looseObject({
  id: z.string().min(1).max(64),
  phoneCallProviderDetails: z.looseObject({ twiml: z.string().min(1).max(64_000) }),
  monitor: z.looseObject({ controlUrl: text(2_048) }).optional().catch(undefined),
});

export const phoneNumbers = z.array(z.looseObject({ id: z.string().min(1).max(64), number: text(64) })).max(1_000);

/** A call is told, over its own address, to do this. */
export type Command =
  | { type: 'say'; content: string; endCallAfterSpoken: boolean }
  | { type: 'add-message'; message: { role: 'system'; content: string }; triggerResponseEnabled: boolean }
  | { type: 'end-call' };
