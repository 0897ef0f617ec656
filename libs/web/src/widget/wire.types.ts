// What the hub and the widget say to each other: docs/webchat.md.

export interface Look {
  title: string;
  greeting: string;
  accentColor: string;
  locale: string;
  attachments: boolean;
  lead: 'after_first_answer' | 'off';
}

export type LeadAddress = 'phone' | 'email';

export interface Lead {
  name: string | null;
  email: string | null;
  phone: string | null;
  verified: string[];
}

export interface Session {
  token: string;
  expiresAt: string;
  refreshToken: string;
  visitorId: string;
  widget: Look;
  lead: Lead;
}

export interface Attachment {
  id: string;
  href: string;
  contentType: string | null;
  size: number | null;
  name: string | null;
  state: 'pending' | 'stored' | 'refused';
  reason: string | null;
}

export interface ChatMessage {
  id: string;
  clientId: string | null;
  /** Null while it waits for its place. */
  cursor: string | null;
  direction: 'inbound' | 'outbound';
  author: { kind: 'contact' | 'assistant' | 'staff'; name: string | null };
  body: string;
  buttons: { text: string }[];
  attachments: Attachment[];
  status: 'received' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed';
  turnId: string | null;
  createdAt: string;
}

export interface MessagePage {
  messages: ChatMessage[];
  cursor: string | null;
  hasMore: boolean;
  owner?: Owner;
}

export interface Problem {
  status?: number;
  code?: string;
  title?: string;
  detail?: string;
  /** Where the hub said when to come back. */
  retryAfterMs?: number;
}

export interface DraftPiece {
  turnId: string;
  index: number;
  text: string;
}

export interface Typing {
  author: 'assistant' | 'staff';
  name: string | null;
  on: boolean;
}

export type Owner = 'assistant' | 'queued' | 'staff';

/** What the visitor writes, as it goes over the wire. */
export interface Words {
  clientId: string;
  body: string;
  attachments?: string[];
}
