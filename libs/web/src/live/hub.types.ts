/** What the hub's management API answers, as far as the page shows it. */
export type Owner = 'assistant' | 'queued' | 'staff' | 'specialist' | 'closed';

export type OwnerEvent = 'staff_took_over' | 'staff_handed_back' | 'closed';

export interface Conversation {
  conversationSid: string;
  contactId: string;
  contactName: string | null;
  owner: Owner;
  staff: string | null;
  epoch: number;
  replyChannel: string | null;
  replyAddress: string | null;
  whatsappWindow: { state: 'open' | 'closing' | 'closed'; closesAt: string | null } | null;
  lastActivityAt: string;
  createdAt: string;
}

export interface ThreadMessage {
  id: string;
  seq: number;
  direction: 'inbound' | 'outbound' | 'internal';
  authorKind: 'contact' | 'assistant' | 'staff' | 'system';
  author: string;
  channel: string;
  body: string;
  media: { url: string; href: string; contentType: string }[];
  status: string;
  errorCode: number | null;
  errorMeaning: string | null;
  details: { words: string[]; buttons?: { id: string; text: string }[] } | null;
  inReplyTo: string | null;
  via: { channel: string; contentSid: string | null; why: string } | null;
  mirrorSid: string | null;
  createdAt: string;
}

export interface Delivery {
  id: string;
  messageId: string;
  part: number;
  parts: number;
  files: number[];
  channel: string;
  sender: string;
  address: string;
  contentSid: string | null;
  detour: string | null;
  state: string;
  attempt: number;
  errorCode: number | null;
  errorMeaning: string | null;
  providerSid: string | null;
  segments: number | null;
  createdAt: string;
  updatedAt: string;
}

export interface Transition {
  machine: string;
  from: string;
  to: string;
  cause: string;
  at: string;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
