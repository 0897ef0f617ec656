/** A message as its visitor sees it. See docs/webchat.md. */
export interface ChatMessage {
  id: string;
  clientId: string | null;
  cursor: string | null;
  direction: 'inbound' | 'outbound';
  author: { kind: 'contact' | 'assistant' | 'staff'; name: string | null };
  body: string;
  buttons: { text: string }[];
  attachments: ChatAttachment[];
  status: 'received' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed';
  turnId: string | null;
  createdAt: string;
}

export interface ChatAttachment {
  id: string;
  href: string;
  contentType: string | null;
  size: number | null;
  name: string | null;
  state: 'pending' | 'stored' | 'refused';
  reason: string | null;
}

export type ChatOwner = 'assistant' | 'queued' | 'staff';

/** A page of the visitor's thread. `cursor`: where to go on; nothing before it is missing. */
export interface ChatPage {
  messages: ChatMessage[];
  cursor: string | null;
  hasMore: boolean;
  owner: ChatOwner;
}

/** The sockets of one visitor, on whichever process. */
export const roomOf = ({ tenantId, address }: { tenantId: string; address: string }): string => `${tenantId}/${address}`;
