import { invalid } from '@throughline/kernel/errors.js';
import {
  conversationEvent, type ConversationEventParams, inboundMessage, messageStatusCallback, type MessageStatusParams,
} from '@throughline/twilio/wire.types.js';
import type { z } from 'zod';
import { type InboundMessage, mediaSchema } from '../conversations/conversations.types.js';

type Form = Record<string, string | string[]>;

export interface InboundText {
  accountSid: string;
  channel: 'sms' | 'whatsapp' | 'rcs';
  message: InboundMessage;
}

/**
 * Twilio's messaging webhook -> a message of ours.
 *
 * @throws HubError `invalid` naming the parameter
 */
export function parseInboundText(form: Form, receivedAt: Date): InboundText {
  const params = parse(inboundMessage, form);
  const from = splitWire(params.From);
  const to = splitWire(params.To);
  return {
    accountSid: params.AccountSid,
    channel: from.channel,
    message: {
      providerSid: params.MessageSid,
      channel: from.channel,
      address: from.address,
      sender: to.address,
      body: clean(params.Body),
      media: mediaOf(params, params.NumMedia),
      ...(params.ProfileName ? { displayName: clean(params.ProfileName) } : {}),
      ...(params.OptOutType ? { optOutType: params.OptOutType } : {}),
      receivedAt,
    },
  };
}

export const parseStatus = (form: Form): MessageStatusParams => parse(messageStatusCallback, form);

export const parseConversationEvent = (form: Form): ConversationEventParams => parse(conversationEvent, form);

function parse<T extends z.ZodType>(schema: T, form: Form): z.infer<T> {
  const result = schema.safeParse(form);
  if (result.success) return result.data;
  const fields = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw invalid(`The webhook is not what Twilio sends: ${fields.map((field) => `${field.path}: ${field.message}`).join('; ')}`, fields);
}

function splitWire(wire: string): { channel: 'sms' | 'whatsapp' | 'rcs'; address: string } {
  const match = /^(whatsapp|rcs):(.+)$/.exec(wire);
  return match ? { channel: match[1] as 'whatsapp' | 'rcs', address: match[2]! } : { channel: 'sms', address: wire };
}

/** Postgres refuses NUL in text, and some handsets send it. */
const clean = (text: string): string => text.replaceAll('\u0000', '');

function mediaOf(params: Record<string, unknown>, count: number): InboundMessage['media'] {
  return Array.from({ length: count }, (_, index) => ({
    url: params[`MediaUrl${index}`],
    contentType: params[`MediaContentType${index}`] ?? 'application/octet-stream',
  })).flatMap((media) => {
    const parsed = mediaSchema.safeParse(media);
    return parsed.success ? [parsed.data] : [];
  });
}
