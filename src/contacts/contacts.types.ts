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
