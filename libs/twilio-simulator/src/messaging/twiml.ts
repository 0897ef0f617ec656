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
  const nothing: MessagingTwiml = { messages: [], redirect: undefined };
  if (body.trim() === '') return nothing;
  if (/^text\/plain/i.test(contentType)) {
    return {
      ...nothing, messages: [{ body, mediaUrls: [], to: undefined, from: undefined, statusCallback: undefined }],
    };
  }
  if (contentType !== '' && !/xml|html/i.test(contentType)) throw new SyntaxError(`12300 Invalid Content-Type: ${contentType}`);
  const response = /^\s*(?:<\?xml[^>]*\?>)?\s*<Response\s*(?:\/>|>([\s\S]*)<\/Response\s*>)\s*$/.exec(withoutComments(body));
  if (!response) throw new SyntaxError('12100 Document parse failure');
  const inner = response[1] ?? '';
  const redirect = /<Redirect[^>]*>([\s\S]*?)<\/Redirect\s*>/.exec(inner)?.[1];
  return {
    messages: [...inner.matchAll(/<(Message|Sms)\b([^>]*?)(?:\/>|>([\s\S]*?)<\/\1\s*>)/g)].map(readMessage),
    redirect: redirect && unescapeXml(redirect.trim()),
  };
}

function readMessage(match: RegExpMatchArray): TwimlMessage {
  const [attributes, inner] = [match[2] ?? '', match[3] ?? ''];
  const bodies = [...inner.matchAll(/<Body[^>]*>([\s\S]*?)<\/Body\s*>/g)].map((one) => one[1] ?? '');
  const media = [...inner.matchAll(/<Media[^>]*>([\s\S]*?)<\/Media\s*>/g)].map((one) => unescapeXml((one[1] ?? '').trim()));
  const text = bodies.length > 0 ? bodies.join('') : inner.replace(/<Media[^>]*>[\s\S]*?<\/Media\s*>/g, '').trim();
  const attribute = (name: string): string | undefined => {
    const value = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
    return value ? unescapeXml(value[1] ?? value[2] ?? '') : undefined;
  };
  return {
    body: unescapeXml(text), mediaUrls: media, to: attribute('to'), from: attribute('from'),
    statusCallback: attribute('statusCallback') ?? attribute('action'),
  };
}

const withoutComments = (xml: string): string => xml.replace(/<!--[\s\S]*?-->/g, '');

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  const cdata = /^<!\[CDATA\[([\s\S]*)\]\]>$/.exec(text);
  if (cdata) return cdata[1]!;
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex) return String.fromCodePoint(parseInt(hex, 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    return ENTITIES[name ?? ''] ?? whole;
  });
}
