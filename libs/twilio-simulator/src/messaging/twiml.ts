import { parseTwiml, TwimlProblem, type Verb } from '../twiml.js';

export interface TwimlMessage {
  body: string;
  mediaUrls: string[];
  to: string | undefined;
  from: string | undefined;
  statusCallback: string | undefined;
}

interface MessagingTwiml {
  messages: TwimlMessage[];
  redirect: string | undefined;
}

/**
 * What a messaging webhook's answer asks for. Only the verbs of messaging exist; plain text is one reply, as at
 * Twilio; what is neither is error 12100 (not XML) or 12300 (wrong content type).
 */
export function readTwiml(body: string, contentType: string): MessagingTwiml {
  if (body.trim() === '') return { messages: [], redirect: undefined };
  if (/^text\/plain/i.test(contentType)) {
    return { messages: [{ body, mediaUrls: [], to: undefined, from: undefined, statusCallback: undefined }], redirect: undefined };
  }
  if (contentType !== '' && !/xml|html/i.test(contentType)) throw new TwimlProblem(12300, `Invalid Content-Type: ${contentType}`);
  const verbs = parseTwiml(body);
  return {
    messages: verbs.filter(({ name }) => name === 'Message' || name === 'Sms').map(readMessage),
    redirect: verbs.find(({ name }) => name === 'Redirect')?.text,
  };
}

function readMessage({ attributes, children, text }: Verb): TwimlMessage {
  const texts = (wanted: string): string[] => children.filter(({ name }) => name === wanted).map((child) => child.text);
  const bodies = texts('Body');
  return {
    body: bodies.length > 0 ? bodies.join('') : text, mediaUrls: texts('Media'), to: attributes.to, from: attributes.from,
    statusCallback: attributes.statusCallback ?? attributes.action,
  };
}
