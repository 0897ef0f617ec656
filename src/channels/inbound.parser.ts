import {
  conversationEvent, type ConversationEventParams, inboundMessage, messageStatusCallback, type MessageStatusParams,
} from '@throughline/twilio/wire.types.js';
import { type Form, parseForm } from '@throughline/twilio/webhooks.js';
import { z } from 'zod';
import { type InboundMessage, mediaSchema } from '../conversations/conversations.types.js';
import { detailsOf, tappedText } from './details.parser.js';

export interface InboundText {
  accountSid: string;
  channel: 'sms' | 'whatsapp' | 'rcs';
  /** That an RCS sender belongs to: it has no other home, and its Messaging Service may fall back to SMS. */
  messagingServiceSid: string | null;
  message: InboundMessage;
}

/**
 * Twilio's messaging webhook -> a message of ours.
 *
 * @throws HubError `invalid` naming the parameter
 */
export function parseInboundText(form: Form, receivedAt: Date): InboundText {
  const params = parseForm(inboundMessage, form);
  const from = splitWire(params.From);
  const to = splitWire(params.To);
  const displayName = params.ProfileName || params.Username;
  const details = detailsOf(cleaned(params));
  return {
    accountSid: params.AccountSid,
    channel: from.channel,
    messagingServiceSid: from.channel === 'rcs' ? (params.MessagingServiceSid ?? null) : null,
    message: {
      providerSid: params.MessageSid,
      channel: from.channel,
      address: from.address,
      sender: to.address,
      body: clean(params.Body || tappedText(params)),
      media: mediaOf(params, params.NumMedia),
      ...(displayName ? { displayName: clean(displayName) } : {}),
      ...otherName(params.ExternalUserId, from),
      ...(details ? { details } : {}),
      ...(params.OptOutType ? { optOutType: params.OptOutType } : {}),
      receivedAt,
    },
  };
}

export const parseStatus = (form: Form): MessageStatusParams => parseForm(messageStatusCallback, form);

export const parseConversationEvent = (form: Form): ConversationEventParams => parseForm(conversationEvent, form);

/** Content types of what is attached to a message in a Conversation. One that cannot be read is an attachment all the same. */
export function attachedTypes(media: string | undefined): string[] {
  if (!media) return [];
  try {
    const list = z.array(z.looseObject({ ContentType: z.string().max(256).default(UNKNOWN_TYPE) })).parse(JSON.parse(media));
    return list.map((item) => item.ContentType);
  } catch {
    return [UNKNOWN_TYPE];
  }
}

const UNKNOWN_TYPE = 'application/octet-stream';

function splitWire(wire: string): { channel: 'sms' | 'whatsapp' | 'rcs'; address: string } {
  const match = /^(whatsapp|rcs):(.+)$/.exec(wire);
  return match ? { channel: match[1] as 'whatsapp' | 'rcs', address: match[2]! } : { channel: 'sms', address: wire };
}

/** Which of our senders Twilio says that a message went by; null while it has not chosen one. */
export function senderIn(from: string | undefined): { channel: string; sender: string } | null {
  if (!from) return null;
  const { channel, address } = splitWire(from);
  return { channel, sender: address };
}

/** The WhatsApp user's id for our business, where the message came under another name. */
function otherName(externalUserId: string | undefined, from: { channel: string; address: string }): { alsoKnownAs?: string } {
  const { address } = splitWire(externalUserId ?? '');
  return from.channel === 'whatsapp' && address !== '' && address !== from.address ? { alsoKnownAs: clean(address) } : {};
}

const cleaned = <T extends object>(params: T): T =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? clean(value) : value])) as T;

/** Postgres refuses NUL in text, and some handsets send it. */
const clean = (text: string): string => text.replaceAll('\u0000', '');

function mediaOf(params: Record<string, unknown>, count: number): InboundMessage['media'] {
  return Array.from({ length: count }, (_, index) => ({
    url: params[`MediaUrl${index}`],
    contentType: params[`MediaContentType${index}`] ?? UNKNOWN_TYPE,
  })).flatMap((media) => {
    const parsed = mediaSchema.safeParse(media);
    return parsed.success ? [parsed.data] : [];
  });
}
