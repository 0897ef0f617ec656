import { z } from 'zod';

/**
 * What Twilio sends us about phone calls, in its own spelling; unknown fields are let through. Sources:
 * twilio.com/docs/voice/twiml, …/voice/twiml/connect/conversationrelay, …/voice/conversationrelay/websocket-messages.
 */
const sid = (prefix: string): z.ZodString => z.string().regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`), `expected a ${prefix}… sid`);
const words = z.string().max(65_536);
const extra = (longest = 256) => z.string().max(longest).optional().catch(undefined);

/** With every request about a call. */
export const callParams = z.looseObject({
  CallSid: sid('CA'),
  AccountSid: sid('AC'),
  From: z.string().max(256).default(''),
  To: z.string().min(1).max(256),
  CallStatus: extra(32),
  Direction: extra(32),
  StirVerstat: extra(64),
  CallerName: extra(),
});
export type CallParams = z.infer<typeof callParams>;

/** How a call that we have placed stands. */
export const outgoingParams = callParams.extend({ SipResponseCode: z.coerce.number().int().optional().catch(undefined) });

/** Who has answered it, as machine detection hears. Beside the call's own words it names the call only. */
export const detectionParams = z.looseObject({ CallSid: sid('CA'), AccountSid: sid('AC'), AnsweredBy: z.string().max(64) });

/** `<Connect>` has ended. */
export const connectParams = callParams.extend({
  SessionId: extra(64),
  SessionStatus: extra(32),
  HandoffData: extra(65_536),
  ErrorCode: extra(16),
});
export type ConnectParams = z.infer<typeof connectParams>;

/** Something was said or pressed inside of `<Gather>`. */
export const gatherParams = callParams.extend({ SpeechResult: words.optional(), Digits: extra(64), Language: extra(32) });
export type GatherParams = z.infer<typeof gatherParams>;

/** A `<Record>` has ended, or what became of its recording. The second names the call only. */
export const recordingParams = z.looseObject({
  CallSid: sid('CA'),
  AccountSid: sid('AC'),
  RecordingSid: sid('RE').optional(),
  RecordingUrl: z.url().max(2_048).optional().catch(undefined),
  RecordingStatus: extra(32),
  RecordingDuration: z.coerce.number().int().min(0).max(86_400).optional().catch(undefined),
});
export type RecordingParams = z.infer<typeof recordingParams>;

export const transcriptionParams = z.looseObject({
  CallSid: sid('CA'),
  AccountSid: sid('AC'),
  RecordingSid: sid('RE'),
  TranscriptionStatus: extra(32),
  TranscriptionText: words.optional(),
});
export type TranscriptionParams = z.infer<typeof transcriptionParams>;

const milliseconds = z.coerce.number().min(0).optional().catch(undefined);

/** A frame of a ConversationRelay socket, from Twilio. */
export const relayFrame = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('setup'), sessionId: z.string().max(64), callSid: z.string().max(64) }),
  z.looseObject({ type: z.literal('prompt'), voicePrompt: words, lang: extra(32), last: z.boolean().default(true) }),
  z.looseObject({ type: z.literal('dtmf'), digit: z.string().regex(/^[0-9*#A-D]$/) }),
  z.looseObject({ type: z.literal('interrupt'), utteranceUntilInterrupt: words.default(''), durationUntilInterruptMs: milliseconds }),
  z.looseObject({ type: z.literal('info'), name: extra(64), value: extra(65_536) }),
  z.looseObject({ type: z.literal('error'), description: words.default('') }),
]);
export type RelayFrame = z.infer<typeof relayFrame>;

/** A frame to Twilio. */
export type RelayReply =
  | { type: 'text'; token: string; last: boolean; lang?: string }
  | { type: 'language'; ttsLanguage?: string; transcriptionLanguage?: string }
  | { type: 'end'; handoffData: string };

const stream = z.string().min(1).max(64);

/** A frame of a Media Stream's socket, from Twilio. Its numbers are texts. */
export const mediaFrame = z.discriminatedUnion('event', [
  z.looseObject({ event: z.literal('connected') }),
  z.looseObject({ event: z.literal('start'), streamSid: stream, start: z.looseObject({ callSid: z.string().max(64), mediaFormat: z.looseObject({ encoding: z.literal('audio/x-mulaw') }) }) }),
  z.looseObject({ event: z.literal('media'), media: z.looseObject({ payload: z.base64().max(32_000) }) }),
  z.looseObject({ event: z.literal('dtmf'), dtmf: z.looseObject({ digit: z.string().regex(/^[0-9*#A-D]$/) }) }),
  z.looseObject({ event: z.literal('mark'), mark: z.looseObject({ name: z.string().max(200) }) }),
  z.looseObject({ event: z.literal('stop') }),
]);
export type MediaFrame = z.infer<typeof mediaFrame>;

/** A frame to Twilio, which names its stream besides. `clear`: what was not played yet never is, and its marks come back at once. */
export type MediaReply =
  | { event: 'media'; media: { payload: string } }
  | { event: 'mark'; mark: { name: string } }
  | { event: 'clear' };
