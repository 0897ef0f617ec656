import type { Tx } from '@throughline/database/database.js';
import { z } from 'zod';
import { type Purpose, trusts, type WhatsappWindow } from '../contacts/contacts.types.js';

export const channels = ['sms', 'whatsapp', 'rcs', 'voice', 'chat', 'email'] as const;
export const channelSchema = z.enum(channels);
export type Channel = z.infer<typeof channelSchema>;

/** As people call them. */
export const channelNames: Record<Channel | 'internal', string> = {
  sms: 'SMS', whatsapp: 'WhatsApp', rcs: 'RCS', voice: 'phone', chat: 'web chat', email: 'e-mail', internal: 'an internal note',
};

export const owners = ['assistant', 'queued', 'staff', 'specialist', 'closed'] as const;
export const ownerSchema = z.enum(owners);
/** Who may speak to the customer now. */
export type Owner = z.infer<typeof ownerSchema>;

export const mediaSchema = z.object({
  url: z.url(), contentType: z.string(),
  name: z.string().optional().describe('As the sender calls the file'),
});
export type Media = z.infer<typeof mediaSchema>;

/** Where the file of an attachment is fetched. @param position among the message's attachments, from 0 */
export const hrefOfMedia = (conversationSid: string, messageId: string, position: number): string =>
  `/api/v1/conversations/${conversationSid}/messages/${messageId}/media/${position}`;

/** A suggested reply below one of our messages. Tapped, it comes back as its text, with its id. */
export const buttonSchema = z.object({ id: z.string(), text: z.string() });
export type Button = z.infer<typeof buttonSchema>;

/** What a message is besides its words. */
export const messageDetailsSchema = z.object({
  button: z.object({ text: z.string(), payload: z.string().nullable() }).optional(),
  list: z.object({ id: z.string(), title: z.string().nullable() }).optional(),
  location: z.object({ latitude: z.number(), longitude: z.number(), label: z.string().nullable(), address: z.string().nullable() }).optional(),
  forwarded: z.enum(['once', 'often']).optional(),
  /** The message that it answers, by the provider's id; ours where the record has it. */
  repliesTo: z.object({ providerSid: z.string(), messageId: z.string().nullable() }).optional(),
  /** The ad that brought them here. */
  referral: z.object({
    headline: z.string().nullable(), body: z.string().nullable(), sourceType: z.string().nullable(), sourceId: z.string().nullable(),
    sourceUrl: z.string().nullable(), clickId: z.string().nullable(),
  }).optional(),
  username: z.string().optional(),
  /** Under which id the visitor's own page knows it. */
  clientId: z.string().optional(),
  /** Replies that one of our messages suggests. */
  buttons: z.array(buttonSchema).optional(),
  /** What an e-mail is besides its words. */
  email: z
    .object({
      messageId: z.string().nullable(),
      /** Message-IDs that it answers, the nearest last. */
      references: z.array(z.string()),
      subject: z.string(),
      /** All of its words, with quotes and signature, where the body has not all of them. */
      fullText: z.string().nullable(),
      /** How it was known that no person wrote it, and what it is then: one of many, an answer of a program's, or a notice. */
      automatic: z.string().nullable(), kind: z.enum(['bulk', 'reply', 'notice']).optional(),
      /** The receiving server vouches for the address that it comes from. */
      proved: z.boolean(),
    })
    .optional(),
  /** The phone call in which it was said. `proved`: the carrier vouches for the caller's number. `outbound`: we called. */
  call: z.object({ sid: z.string(), proved: z.boolean(), direction: z.literal('outbound').optional() }).optional(),
  /** A note that quotes somebody who has not shown who they are: for colleagues, never for the assistant. */
  hearsay: z.literal(true).optional(),
  /** All of it that the body does not say, in words, for the assistant and for colleagues. */
  words: z.array(z.string()),
});
export type MessageDetails = z.infer<typeof messageDetailsSchema>;

/** A customer's message as every door hands it in, whatever the wire looked like. */
export const inboundMessageSchema = z.object({
  /** The provider's id of the message; the same one twice is the same message. */
  providerSid: z.string(),
  channel: channelSchema,
  /** Where the customer wrote from, without the channel's prefix: `+15551230001`. */
  address: z.string(),
  /** Which of our addresses they wrote to, without the prefix. */
  sender: z.string(),
  body: z.string(),
  media: z.array(mediaSchema).default([]),
  displayName: z.string().optional(),
  /** Another address of theirs on the same channel, which the provider names beside this one. */
  alsoKnownAs: z.string().optional(),
  details: messageDetailsSchema.optional(),
  /** How sure the door is of who writes, where that is not what the channel tells anyway. */
  trust: z.enum(trusts).optional(),
  /** What Twilio made of a STOP, START or HELP, where Advanced Opt-Out is on. */
  optOutType: z.string().optional(),
  /** Why nobody answers it, where no person has written it. With `people`, staff are to see what it is about. */
  unanswered: z.object({ why: z.string(), people: z.boolean() }).optional(),
  receivedAt: z.coerce.date(),
});
export type InboundMessage = z.infer<typeof inboundMessageSchema>;

export type ReceiveOutcome =
  | { outcome: 'received'; messageId: string; conversationSid: string; seq: number }
  /** We had it already. */
  | { outcome: 'duplicate' }
  /** It is no customer's message: somebody else has taken it. */
  | { outcome: 'taken' }
  /** Somebody new: kept, and received once the Conversation exists. */
  | { outcome: 'stored'; inboxId: string };

export type AuthorKind = 'contact' | 'assistant' | 'staff' | 'system';
export type Direction = 'inbound' | 'outbound' | 'internal';

/** One entry of the thread. `seq` counts within the conversation; the thread is ordered by it. */
export interface Message {
  id: string;
  tenantId: string;
  conversationSid: string;
  seq: number;
  direction: Direction;
  authorKind: AuthorKind;
  author: string;
  channel: Channel | 'internal';
  /** The customer's address and ours, for inbound and outbound messages. */
  address: string | null;
  sender: string | null;
  body: string;
  /** What it is for, which decides whether and when it may go out. An answer (`service`), where nothing else is said. */
  purpose?: Purpose;
  media: Media[];
  details?: MessageDetails | null;
  status: MessageStatus;
  errorCode: number | null;
  /** Why it is at this status, in words, where there is more to say than the status itself. */
  statusCause?: string | null;
  /** How it really went, where that is not how it was addressed. */
  via?: MessageVia | null;
  providerSid: string | null;
  turnId: string | null;
  mirrorState: 'pending' | 'posting' | 'mirrored' | 'origin' | 'none' | 'failed';
  mirrorSid: string | null;
  createdAt: Date;
}

export const messageViaSchema = z.object({
  channel: channelSchema, sender: z.string(), address: z.string(), contentSid: z.string().nullable(), why: z.string(),
});
/** Another way than the one that the message was addressed: a template, or another channel. */
export type MessageVia = z.infer<typeof messageViaSchema>;

/** `received` for inbound, `noted` for internal ones; the others follow the message's deliveries. */
export const messageStatuses = [
  'received', 'noted', 'pending', 'sending', 'retry_wait', 'sent', 'delivered', 'read', 'failed', 'undelivered', 'suppressed', 'unknown',
] as const;
export type MessageStatus = (typeof messageStatuses)[number];

export interface Conversation {
  conversationSid: string;
  tenantId: string;
  contactId: string;
  owner: Owner;
  ownerSince: Date;
  /** Grows with every change of owner. Whatever speaks carries the epoch it started with. */
  epoch: number;
  staff: string | null;
  lastSeq: number;
  lastInboundSeq: number;
  /** The customer's message that came back from the queue because nobody took it: it does so once. */
  returnedSeq: number;
  lastActivityAt: Date;
  replyChannel: Channel | null;
  replyAddress: string | null;
  replySender: string | null;
  /** The contact in whose conversation this one goes on; it takes no more messages itself. */
  mergedInto: string | null;
  createdAt: Date;
}

/** A conversation as it is shown: with the contact's name and, where answers go by WhatsApp, with its window. */
export interface NamedConversation extends Conversation {
  contactName: string | null;
  whatsappWindow: WhatsappWindow | null;
}

/** Where the customer has written from, to which sender of ours, and when last. */
export interface LastWrote {
  channel: string;
  address: string;
  sender: string;
  at: Date;
}

export interface Participant {
  conversationSid: string;
  /** `sms:+1555…`, `whatsapp:+1555…`, `chat:<visitor>`: the author of this address's messages in the Conversation. */
  identity: string;
  channel: Channel;
  address: string;
  participantSid: string | null;
}

/** Said into a phone call, where nothing is delivered afterwards. */
export interface Aloud {
  /** The caller's number, or what stands for it. */
  address: string;
  sender: string;
  call: NonNullable<MessageDetails['call']>;
}

/** What the assistant wants said at the end of a turn; on the phone, what it begins to say. */
export interface Saying {
  conversationSid: string;
  body: string;
  aloud?: Aloud | undefined;
  /** Replies that it suggests. */
  buttons?: Button[] | undefined;
  turnId: string;
  /** The epoch the turn started with: a reply of an older one is refused. */
  epoch: number;
  /** The newest customer message the turn has seen: a reply that ignores a newer one is refused. */
  upToSeq: number;
}

/** The assistant has understood that the customer wants no more messages, and confirms it. */
export interface Withdrawing extends Saying {
  /** Of all of the person's addresses, and not only of the one that they write from. */
  everywhere: boolean;
}

export type SayOutcome =
  | { outcome: 'said'; messageId: string }
  | { outcome: 'refused'; why: 'another_owner' | 'newer_message' | 'already_said' };

/** What became of words said into a call: all of them were heard, some, none; or the line broke, and nobody knows. */
export type Hearing = 'heard' | 'cut' | 'unheard' | 'broken';

/** How a message of ours ended that was said aloud. `body`: as much of it as was heard; of what was not heard at all, what it would have been. */
export type Settled = { messageId: string; body: string; hearing: Hearing };

/** Why the assistant gives the conversation to people, and what it says to the customer in the same breath. */
export interface HandOff {
  conversationSid: string;
  turnId: string;
  epoch: number;
  reason: string;
  /** Said to the customer in the same transaction; empty for none. */
  closingLine: string;
  /** Whoever asks for people only shows this person's number. Left open of what is written: the record says it. */
  isUnproved?: boolean | undefined;
}

export const ownershipEvents = [
  'customer_wrote', 'assistant_handed_off', 'reply_lost', 'customer_returned', 'staff_took_over', 'staff_handed_back', 'queue_timed_out',
  'specialist_joined', 'specialist_left', 'closed', 'idle',
] as const;
export type OwnershipEvent = (typeof ownershipEvents)[number];

/** A staff member typed into the Conversation itself (Flex, the console, the Conversations SDK). */
export interface StaffMessage {
  conversationSid: string;
  mirrorSid: string;
  author: string;
  body: string;
  /** Content types of what is attached to it. */
  mediaTypes: string[];
  /** Too long ago, and it is not sent any more. */
  writtenAt: Date;
}

/** What a staff member wants said from outside the Conversation. */
export interface StaffWords {
  conversationSid: string;
  /** May be empty where something is attached. */
  body: string;
  staff: string;
  /** Ids of files that were handed in for this conversation. */
  attachments?: string[] | undefined;
  /** The same key twice is one message. */
  key?: string | undefined;
}

/** Who keeps the files that staff sends. The room above brings itself. */
export interface Attaching {
  /** Makes these files the message's, in its transaction. @throws HubError `invalid` when one is not there, or the channel does not take it */
  attach(tx: Tx, message: Pick<Message, 'id' | 'conversationSid'> & { channel: Channel }, fileIds: string[]): Promise<Media[]>;
  /** Whether just these files were made those. */
  refersTo(media: readonly Media[], fileIds: readonly string[]): boolean;
}

/** A message that the Conversation lacks, with what is to be done before it is posted. */
export interface Unmirrored {
  message: Message;
  /** An earlier run may have posted it and died. */
  tried: boolean;
  /** Its author, who has not joined the Conversation yet. */
  joining: Participant | null;
}

/** How often recent Conversations are compared with the record. A lost webhook costs a customer this long at most. */
export const RECONCILE_EVERY_MS = 300_000;
/** How often a tenant's data is looked through for what is no longer to be kept. */
export const RETAIN_EVERY_MS = 86_400_000;
