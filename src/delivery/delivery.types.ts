import type { ErrorClass } from '@throughline/twilio/errors.js';
import type { Button } from '../conversations/conversations.types.js';
import type { RuledOut } from '../routes/routes.types.js';

export const deliveryStates = [
  'pending', 'sending', 'retry_wait', 'sent', 'delivered', 'read', 'failed', 'undelivered', 'suppressed', 'unknown',
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export type DeliveryEvent =
  | 'claimed' | 'held' | 'accepted' | 'found' | 'retry_later' | 'outcome_unknown' | 'lease_expired' | 'refused' | 'opted_out' | 'withheld' | 'undecided'
  | 'unreachable' | 'arrived_before' | 'receipt_retry'
  | 'receipt_sent' | 'receipt_delivered' | 'receipt_read' | 'receipt_failed' | 'receipt_undelivered' | 'receipt_overdue';

/** An attempt that was given back, and by which way it had gone. */
export interface Retired {
  providerSid: string;
  channel: string;
  sender: string;
  address: string;
  contentSid: string | null;
  detour: string | null;
  /** It was delivered after all. */
  arrived: boolean;
}

/** How suggested replies are shown. */
export interface OfferedButtons {
  as: 'taps' | 'lines';
  items: Button[];
}

/** One text on its way to one address. A long message is several of them, in order. */
export interface Delivery {
  id: string;
  tenantId: string;
  conversationSid: string;
  messageId: string;
  part: number;
  parts: number;
  channel: string;
  sender: string;
  messagingServiceSid: string | null;
  address: string;
  body: string;
  /** Which of the message's files go with it, by their positions. */
  files: number[];
  /** The template that carries it, with what goes into its places; null: it goes as the text that it is. */
  contentSid: string | null;
  contentVariables: Record<string, string> | null;
  /** Why it goes another way than its message was addressed; null when it does not. */
  detour: string | null;
  /** Suggested replies below it: something to tap, or numbered lines. */
  buttons: OfferedButtons | null;
  /** What has turned out not to carry it. */
  ruledOut: RuledOut[];
  /** Our number by which Twilio's Messaging Service may send it as SMS, where the phone cannot do RCS. */
  fallbackSender: string | null;
  segments: number | null;
  state: DeliveryState;
  attempt: number;
  leaseUntil: Date | null;
  /** Start of the first attempt whose outcome is not known, or of the present one. */
  claimedAt: Date | null;
  retryAt: Date | null;
  /** The person's quiet hours end then; it was not tried before. */
  heldUntil: Date | null;
  uncertain: boolean;
  providerSid: string | null;
  /** The provider's ids of earlier attempts that the carrier gave back. */
  retiredSids: string[];
  /** The same attempts, by which way each had gone. */
  retired: Retired[];
  errorCode: number | null;
  errorMeaning: string | null;
  sentAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export type ReceiptStatus = 'queued' | 'sent' | 'delivered' | 'read' | 'failed' | 'undelivered';

/** What a provider says has become of a message. */
export interface Receipt {
  providerSid: string;
  status: ReceiptStatus;
  errorCode: number | null;
  /** By which of our senders it really went, where the provider tells: Twilio's Messaging Service may have chosen. */
  carriedBy?: { channel: string; sender: string } | null;
  /** Why it failed, in words, where there is no number of Twilio's. */
  meaning?: string | undefined;
  /** What follows from that, where there is no number of Twilio's. Left out: nothing but that it failed. */
  class?: ErrorClass;
}

/** All that was sent in a conversation, or for some messages. */
export type SentIn = { conversationSid: string } | { messageIds: string[] };

/** How a channel cuts and counts texts. */
export interface BodyRules {
  fits(text: string): boolean;
  /** What the text costs in the sender's rate: SMS segments, or 1. */
  cost(text: string): number;
  /** How files go. Left out: not at all. */
  files?: FileRules;
}

export interface FileRules {
  /** How many go with one part. */
  atOnce: number;
  /** Whether words go in the same part as this file. */
  besideWords(contentType: string): boolean;
}

/**
 * What the provider's list says of an attempt whose answer was lost. `unclear`: it has a message that nobody knows and that
 * may be this one in other words.
 */
export type Look = { outcome: 'found'; providerSid: string } | { outcome: 'absent' } | { outcome: 'unclear' };

/** A way to reach people. Doors register theirs; delivery knows nothing of any provider's wire. */
export interface ChannelSender {
  readonly channels: readonly string[];
  readonly rules: BodyRules;
  /** Whether the channel shows these suggested replies below this text as something to tap. Left out: it has no such thing. */
  readonly showsButtons?: (body: string, buttons: readonly Button[]) => boolean;
  /** Messages (or segments) per second that a sender of this channel may send when the tenant set no rate. */
  readonly messagesPerSecond: number;
  /** @throws TwilioFailure, whose class says whether anything can have been sent */
  send(delivery: Delivery): Promise<{ providerSid: string }>;
  /** The message of an earlier attempt whose answer was lost. `known` are sids that are accounted for. */
  find(delivery: Delivery, known: (sids: string[]) => Promise<Set<string>>): Promise<Look>;
  ask(providerSid: string): Promise<Receipt | null>;
  /** Removes the provider's copy, inbound or outbound, and what was attached to it. Nothing happens when it is gone. */
  remove(providerSid: string): Promise<void>;
}

export interface SendFailure {
  class: ErrorClass;
  code: number | null;
  meaning: string;
  retryAfterMs?: number | undefined;
  /** The provider has a message that may be this one. */
  unclear?: boolean;
}
