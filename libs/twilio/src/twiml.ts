import twilio from 'twilio';

export type VoiceResponse = InstanceType<typeof twilio.twiml.VoiceResponse>;

/** What XML does not hold (xml 1.0, 2.2), and what nobody says. */
const UNSAYABLE = /(?![\t\n\r])\p{Cc}|\p{Surrogate}|[\uFFFE\uFFFF]/gu;

/** An answer to a call. The writer of XML would throw at a sign that it cannot hold, and with it the words of whoever wrote it: the sign is left out. */
export function voiceResponse(): VoiceResponse {
  const response = new twilio.twiml.VoiceResponse();
  const { stringify } = response.response as { stringify: Record<'assertLegalChar' | 'attEscape', (text: string) => string> };
  const attEscape = stringify.attEscape.bind(stringify);
  stringify.assertLegalChar = (text) => text.replace(UNSAYABLE, '');
  // In attributes it would not even throw, and Twilio could read nothing of the answer.
  stringify.attEscape = (text) => attEscape(text.replace(UNSAYABLE, ''));
  return response;
}
