import { patient } from '@throughline/twilio/webhooks.js';
import { voiceResponse } from '@throughline/twilio/twiml.js';

/** TwiML for whoever picks up, with addresses of this hub in it. */
export class AnsweringTwiml {
  constructor(private readonly origin: string) {}

  /** On to where every caller comes to the assistant. */
  person(): string {
    const response = voiceResponse();
    response.redirect({ method: 'POST' }, patient(`${this.origin}/webhooks/twilio/voice`));
    return response.toString();
  }

  /** For a machine, whose beep has been heard. */
  machine(message: string, language: string): string {
    const response = voiceResponse();
    response.say({ language: language as 'en-US' }, message);
    response.hangup();
    return response.toString();
  }

  nobody(): string {
    const response = voiceResponse();
    response.hangup();
    return response.toString();
  }
}
