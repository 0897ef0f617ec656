import { patient } from '@throughline/twilio/webhooks.js';
import { voiceResponse } from '@throughline/twilio/twiml.js';

/** Seconds in which a key is to be pressed, each of two times. */
const PRESS_WITHIN = 6;

/** TwiML for somebody who is called about an incident. */
export class PagerTwiml {
  constructor(private readonly origin: string, private readonly language: string) {}

  /** The words, and a key to press while they are said or after. Silence leads on to the same place, with no key. */
  ask(attemptId: string, path: 'pressed' | 'connect', lines: readonly string[], asked: number): string {
    const response = voiceResponse();
    const action = patient(`${this.origin}/webhooks/twilio/alerts/${attemptId}/${path}?asked=${asked + 1}`);
    const gather = response.gather({ input: ['dtmf'], numDigits: 1, timeout: PRESS_WITHIN, action, method: 'POST' });
    for (const line of lines) gather.say({ language: this.language as 'en-US' }, line);
    response.redirect({ method: 'POST' }, action);
    return response.toString();
  }

  /** On to the room where they meet the person. */
  connect(callbackId: string): string {
    const response = voiceResponse();
    response.redirect({ method: 'POST' }, patient(`${this.origin}/webhooks/twilio/voice/callback/${callbackId}/taker/join`));
    return response.toString();
  }

  goodbye(lines: readonly string[]): string {
    const response = voiceResponse();
    for (const line of lines) response.say({ language: this.language as 'en-US' }, line);
    response.hangup();
    return response.toString();
  }
}
