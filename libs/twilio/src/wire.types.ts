import { z } from 'zod';

/**
 * What Twilio sends us, in its own spelling. Unknown fields are let through: Twilio adds parameters without notice.
 * Sources: twilio.com/docs/messaging/guides/webhook-request, …/conversations/conversations-webhooks.
 */
const sid = (prefix: string): z.ZodString => z.string().regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`), `expected a ${prefix.slice(0, 2)}… sid`);

/** Twilio's own limit for a text message; anything longer did not come from it. */
const text = z.string().max(65_536);

/** What makes a message richer, but is no reason to refuse it when it looks otherwise than we know it. */
const extra = (longest = 1_024) => z.string().max(longest).optional().catch(undefined);
const degrees = (most: number) => z.coerce.number().min(-most).max(most).optional().catch(undefined);

export const inboundMessage = z.looseObject({
  MessageSid: sid('(SM|MM)'),
  AccountSid: sid('AC'),
  From: z.string().min(1).max(256),
  To: z.string().min(1).max(256),
  Body: text.default(''),
  NumMedia: z.coerce.number().int().min(0).max(10).default(0),
  MessagingServiceSid: sid('MG').optional(),
  ProfileName: z.string().max(256).optional(),
  OptOutType: z.string().max(16).optional(),
  ButtonText: extra(),
  ButtonPayload: extra(4_096),
  ListId: extra(),
  ListTitle: extra(),
  OriginalRepliedMessageSid: sid('(SM|MM)').optional().catch(undefined),
  Latitude: degrees(90),
  Longitude: degrees(180),
  Label: extra(),
  Address: extra(),
  Forwarded: extra(8),
  FrequentlyForwarded: extra(8),
  ReferralHeadline: extra(),
  ReferralBody: extra(4_096),
  ReferralSourceType: extra(),
  ReferralSourceId: extra(),
  ReferralSourceUrl: extra(2_048),
  ReferralCtwaClid: extra(),
  /** The WhatsApp user's id for our business, beside the number or in its place: `whatsapp:US.1234`. */
  ExternalUserId: extra(256),
  Username: extra(256),
});
export type InboundMessageParams = z.infer<typeof inboundMessage>;

export const messageStatuses = [
  'accepted', 'scheduled', 'queued', 'sending', 'sent', 'delivered', 'read', 'undelivered', 'failed', 'canceled',
  'receiving', 'received', 'partially_delivered',
] as const;
export type MessageStatus = (typeof messageStatuses)[number];

export const messageStatusCallback = z.looseObject({
  MessageSid: sid('(SM|MM)'),
  AccountSid: sid('AC'),
  MessageStatus: z.enum(messageStatuses),
  To: z.string().max(256).optional(),
  From: z.string().max(256).optional(),
  ErrorCode: z.coerce.number().int().optional(),
});
export type MessageStatusParams = z.infer<typeof messageStatusCallback>;

export const conversationEvent = z.looseObject({
  EventType: z.string().min(1).max(64),
  AccountSid: sid('AC'),
  ConversationSid: sid('CH').optional(),
  ChatServiceSid: sid('IS').optional(),
  MessageSid: sid('IM').optional(),
  ParticipantSid: sid('MB').optional(),
  Author: z.string().max(256).optional(),
  Body: text.optional(),
  Attributes: z.string().max(65_536).optional(),
  /** A JSON array: `[{"Sid":"ME…","ContentType":"image/jpeg","Filename":"…","Size":1}]`. */
  Media: z.string().max(65_536).optional(),
  Source: z.string().max(32).optional(),
  Index: z.coerce.number().int().optional(),
  DateCreated: z.string().optional(),
  StateTo: z.string().max(32).optional(),
});
export type ConversationEventParams = z.infer<typeof conversationEvent>;
