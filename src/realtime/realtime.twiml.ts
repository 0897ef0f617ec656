import twilio from 'twilio';

/** Sound both ways over a socket. When that is closed, for whatever reason, Twilio goes on with what follows: it asks `whenClosed`. */
export function media(url: string, whenClosed: string): string {
  const response = new twilio.twiml.VoiceResponse();
  response.connect().stream({ url });
  response.redirect({ method: 'POST' }, whenClosed);
  return response.toString();
}
