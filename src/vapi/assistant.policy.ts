import type { Tenant } from '../tenancy/tenancy.types.js';

/** How a call is put together that Vapi hears and speaks in, and that we think in. */
export interface Assistant {
  /** Under which Vapi reaches us. */
  origin: string;
  tenant: Tenant;
  callSid: string;
  /** Opens our two doors to Vapi for this call, and for no other. */
  ticket: string;
  firstMessage: string;
  /** Said to somebody who is silent, and to somebody who stays so. */
  stillThere: string;
  goodbye: string;
}

export const TICKET_HEADER = 'x-throughline-call';

/** What we act on, and not more: the rest of what is said is in the requests to the model anyway. */
const SERVER_MESSAGES = ['status-update', 'end-of-call-report', 'speech-update', 'hang', 'tool-calls'];
/** Seconds. Vapi's own limit of ten minutes would end a call in the middle of a sentence. */
const LONGEST_CALL = 3_600;
/** What Vapi takes, in seconds. */
const IDLE = { shortest: 5, longest: 60 };

/** Of Vapi's API, `CreateAssistantDTO`. Nothing is recorded, and nothing of the words is kept there. */
export function assistantOf({ origin, tenant, callSid, ticket, firstMessage, stillThere, goodbye }: Assistant): object {
  const { voice, assistant } = tenant.settings;
  const headers = { [TICKET_HEADER]: ticket };
  const [language = 'en-US'] = voice.languages;
  return {
    name: assistant.name.slice(0, 40),
    firstMessage,
    firstMessageMode: 'assistant-speaks-first',
    model: { provider: 'custom-llm', url: `${origin}/vapi`, model: 'throughline', headers, metadataSendMode: 'variable' },
    transcriber: { provider: 'deepgram', model: 'nova-3', language: language.split('-')[0] },
    ...voice.vapi,
    server: { url: `${origin}/webhooks/vapi`, timeoutSeconds: 20, headers, backoffPlan: { type: 'exponential', maxRetries: 5, baseDelaySeconds: 1 } },
    serverMessages: SERVER_MESSAGES,
    messagePlan: {
      idleMessages: [stillThere], idleMessageMaxSpokenCount: 2, idleMessageResetCountOnUserSpeechEnabled: true, silenceTimeoutMessage: goodbye,
      idleTimeoutSeconds: Math.min(Math.max(voice.silenceSeconds, IDLE.shortest), IDLE.longest),
    },
    artifactPlan: { recordingEnabled: false, pcapEnabled: false, transcriptPlan: { enabled: false } },
    maxDurationSeconds: LONGEST_CALL,
    backgroundSound: 'off',
    metadata: { tenantId: tenant.id, callSid },
  };
}

/**
 * Vapi's TwiML, with what follows when Vapi has left and the caller has not.
 *
 * @returns null where it is not what brings a call to somebody
 */
export function joinedBy(twiml: string, whenClosed: string): string | null {
  const document = /^\s*(?:<\?xml[^>]*\?>\s*)?<Response>([\s\S]*<Connect[\s>][\s\S]*)<\/Response>\s*$/.exec(twiml);
  const address = whenClosed.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return document && `<?xml version="1.0" encoding="UTF-8"?><Response>${document[1]}<Redirect method="POST">${address}</Redirect></Response>`;
}
