export interface Contact {
  id: string;
  tenantId: string;
  personKey: string;
  displayName: string | null;
  /** The contact that goes on instead of this one, where they turned out to be one person. */
  mergedInto: string | null;
  createdAt: Date;
}

/**
 * How sure it is that whoever writes from an address is its owner: the carrier says so, the caller id was signed, the person
 * knew a code that we sent there; or they say so, or do not even say who they are.
 */
export const trusts = ['carrier_verified', 'attested_caller_id', 'verified', 'claimed', 'anonymous'] as const;
export type Trust = (typeof trusts)[number];

export interface Address {
  id: string;
  tenantId: string;
  contactId: string;
  channel: string;
  address: string;
  /** Another name of the same account on this channel, beside which the provider gave this one when it was first seen. */
  beside: string | null;
  trust: Trust;
  createdAt: Date;
}

/**
 * What a message is for. `service`: answers what the person asks. `alerts`: what they must know in time, whatever the hour.
 * `marketing`: what we would like them to know.
 */
export const purposes = ['service', 'alerts', 'marketing'] as const;
export type Purpose = (typeof purposes)[number];

/** `everything`: a stop ends all of it; a start gives the answers back, and no consent to anything else. */
export const consentPurposes = ['everything', ...purposes] as const;
export type ConsentPurpose = (typeof consentPurposes)[number];

/** Who said so: a keyword or plain words of the person, the provider that refused, or a colleague (out of a form, an import). */
export const consentSources = ['keyword', 'words', 'provider', 'staff', 'form', 'import'] as const;
export type ConsentSource = (typeof consentSources)[number];

/** Channels of one stop: since 2026-03 Twilio keeps one for both (twilio.com/docs/messaging/tutorials/advanced-opt-out). */
export const ONE_STOP: readonly string[] = ['sms', 'rcs'];

/** In place of a sender: whichever of ours. */
export const ANY_SENDER = '*';

/** One of our senders, and an address of somebody's. */
export interface Reach {
  channel: string;
  address: string;
  sender: string;
}

/** Somebody who writes to us, as the provider names them. */
export interface Writer {
  channel: string;
  address: string;
  displayName?: string | undefined;
  /** Another address of theirs on the same channel, which the provider names beside this one. */
  alsoKnownAs?: string | undefined;
  /** How sure the door is of who writes, where that is not what the channel tells anyway. */
  trust?: Trust | undefined;
}

export interface TextFrom extends Writer, Reach {
  body: string;
  providerSid: string;
  receivedAt: Date;
  optOutType?: string | undefined;
}

/** What decides whether we may write. */
export interface ConsentWord {
  purpose: ConsentPurpose;
  state: 'opted_in' | 'opted_out';
  changedAt: Date;
  /** Of two words of the same instant the one with the greater seq was noted later. */
  seq: number;
}

/** One word about consent, as the ledger keeps it for good. No word means that nobody said stop. */
export interface Consent extends Reach, Omit<ConsentWord, 'seq'> {
  id: string;
  source: ConsentSource;
  /** What the person was shown or told, word for word. */
  wording: string | null;
  /** The provider's id of the message that says so, the error number that did, or where else it can be looked up. */
  evidence: string | null;
  /** Our own id of that message. */
  messageId: string | null;
  /** The message with which the house confirmed it. */
  confirmationId: string | null;
  /** The member of staff. */
  recordedBy: string | null;
  recordedAt: Date;
}

/** What a colleague notes. */
export interface NewConsent extends Pick<Consent, 'purpose' | 'state' | 'source' | 'wording' | 'evidence' | 'recordedBy'> {
  addressId: string;
  /** About calls to the number of this address, whichever channel it is known on. */
  channel?: 'voice' | undefined;
  /** Whichever of our senders, where none is named. */
  sender?: string | undefined;
  /** When it was said; now, where not given. */
  changedAt?: Date;
  /** The same key twice is one entry. */
  key?: string | undefined;
}

/** Whether WhatsApp takes free text to somebody now; `closing` when little time is left. */
export interface WhatsappWindow {
  state: 'open' | 'closing' | 'closed';
  /** From then on we send no free text, a little before WhatsApp takes none. Null: the person never wrote there. */
  closesAt: Date | null;
}

/** A person's WhatsApp address and the sender of ours that they write to. */
export interface WhatsappPair {
  sender: string;
  address: string;
}

export interface Merge {
  id: string;
  absorbedId: string;
  survivingId: string;
  /** The addresses that changed hands. */
  addressIds: string[];
  staff: string;
  reason: string | null;
  mergedAt: Date;
  undoneAt: Date | null;
  undoneBy: string | null;
}

/** One contact is to go into another. */
export type Merging = Pick<Merge, 'absorbedId' | 'survivingId' | 'staff' | 'reason'>;

/** Codes that an address was sent, and that were tried, since an hour began. */
export interface CodeUse {
  since: Date | null;
  sentAt: Date | null;
  sent: number;
  tried: number;
}
