import type { Seats } from '@throughline/kernel/seats.js';
import type { Attempt } from '../escalation/escalation.types.js';
import type { Sender } from '../tenancy/tenancy.types.js';

/** A number or a mailbox of ours. */
export type From = Pick<Sender, 'address' | 'messagingServiceSid'>;

/** What a text or a mail says. */
export interface Words {
  body: string;
  /** Of a mail. */
  subject: string;
  businessName: string;
  /** The link in it, which no other text has; null where it may not have one. */
  link: string | null;
  /** WhatsApp's approved template for it; null where there is none. */
  template: { contentSid: string; variables: Record<string, string> } | null;
}

/** Takes texts to people by one channel. Failures are TwilioFailures: `retry` where it has certainly not gone, `ask` where nobody knows yet. */
export interface AlertCarrier {
  /** Longer than `create` and `lost` take together, in milliseconds. */
  readonly leaseMs: number;
  /** What `create` takes at the most, in milliseconds. It is not begun with less of the lease left. */
  readonly createMs: number;
  /** So many of them at once, of each address that they come from. */
  readonly seats?: Seats;
  /** @returns the provider's id of it */
  create(attempt: Attempt, from: From, words: Words): Promise<string>;
  /** The id of one that an earlier try may have sent; null where none has. @throws TwilioFailure `permanent` where that will never be known */
  lost(attempt: Attempt, from: From, words: Words): Promise<string | null>;
  /** Whether a reply can be shown to be theirs. Without this every one is. */
  provesReplies?(attempt: Attempt, from: From): Promise<boolean>;
}
