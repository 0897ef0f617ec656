import { voiceResponse } from '@throughline/twilio/twiml.js';

export interface RelayOptions {
  language: string;
  voice: string | undefined;
  url: string;
  /** Asked when the socket is closed, however it ends. */
  whenClosed: string;
  /** Said first. Null in a call that goes on. */
  greeting: string | null;
  /** Other languages in which it may go on. */
  otherLanguages: string[];
}

/** Twilio tells with all that is said in which language it was; only this engine of its does (twilio.com/docs/voice/twiml/connect/conversationrelay). */
const FIND_OUT = { transcriptionLanguage: 'multi', transcriptionProvider: 'Deepgram', speechModel: 'nova-3-general' };

/** Words both ways over a socket. */
export function relay({ url, whenClosed, greeting, language, voice, otherLanguages }: RelayOptions): string {
  const response = voiceResponse();
  const connect = response.connect({ action: whenClosed });
  const attributes = {
    url, language, ...(otherLanguages.length > 0 ? FIND_OUT : {}), ...(greeting === null ? {} : { welcomeGreeting: greeting }), ...(voice ? { voice } : {}),
    dtmfDetection: true, interruptible: 'any', partialPrompts: true, events: 'speaker-events tokens-played',
  };
  const noun = connect.conversationRelay(attributes as Parameters<typeof connect.conversationRelay>[0]);
  for (const code of otherLanguages) noun.language({ code });
  return response.toString();
}
