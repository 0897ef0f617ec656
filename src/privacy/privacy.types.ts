export type ErasureState = 'requested' | 'silenced' | 'erased' | 'removed' | 'done';
export type ErasureEvent = 'silence' | 'settle' | 'remove_copies' | 'verify';

/** Rows that were removed or blanked, by store. */
export type Counts = Record<string, number>;

/** What was erased, and how much is still under way and cannot be erased before it has ended. */
export interface Erased {
  counts: Counts;
  underWay: number;
}

/** A person being erased, from every store and from Twilio. */
export interface Erasure {
  id: string;
  contactId: string;
  conversationSid: string | null;
  state: ErasureState;
  counts: Counts;
  remains: Remains | null;
  requestedAt: Date;
  /** From when on nothing of before is under way any more; null until the person has fallen silent. */
  settlesAt: Date | null;
  finishedAt: Date | null;
}

export const copyKinds = ['conversation', 'message', 'user'] as const;
export type CopyKind = (typeof copyKinds)[number];

/** The contacts that are one person, and their conversations. */
export interface Whole {
  contactIds: string[];
  conversationSids: string[];
}

/** Something of the person's at Twilio. */
export interface Copy {
  id: string;
  kind: CopyKind;
  channel: string | null;
  sid: string;
}

/** What must not be found any more. `address`: anywhere; `words`: in whatever belongs to the person. */
export interface Needle {
  kind: 'address' | 'words';
  channel: string | null;
  needle: string;
}

/** Who is looked for, and what of. */
export interface Search {
  contactIds: string[];
  conversationSids: string[];
  needles: Needle[];
  /** What was written later is of somebody new, even from the same address. */
  until: Date;
}

/** What a search over every column of every table has found, in rows. */
export interface Remains {
  tables: number;
  addresses: number;
  words: number;
  /** Of the person, by table. */
  left: Record<string, number>;
  /** An address that others mention, or that somebody new has written from since, by table. */
  elsewhere: Record<string, number>;
}

export interface ErasureReport extends Erasure {
  /** What was found at Twilio, and how much of it is removed. */
  twilio: Record<CopyKind, { found: number; removed: number }>;
}
