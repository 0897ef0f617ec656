import { voiceResponse } from '@throughline/twilio/twiml.js';

/** Sound both ways over a socket. When that is closed, for whatever reason, Twilio goes on with what follows: it asks `whenClosed`. */
export function media(url: string, whenClosed: string): string {
  const response = voiceResponse();
  response.connect().stream({ url });
  response.redirect({ method: 'POST' }, whenClosed);
  return response.toString();
}
