export interface Contact {
  id: string;
  tenantId: string;
  personKey: string;
  displayName: string | null;
  createdAt: Date;
}

export interface Address {
  id: string;
  tenantId: string;
  contactId: string;
  channel: string;
  address: string;
  createdAt: Date;
}

/** Whether we may write to an address from one of our senders. No row means that nobody said stop. */
export interface Consent {
  channel: string;
  address: string;
  sender: string;
  state: 'opted_in' | 'opted_out';
  /** The provider's id of the message that says so, or the error number that did. */
  evidence: string;
  changedAt: Date;
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
