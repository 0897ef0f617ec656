/** `erased`: its file is removed, or about to be; only where that is, or was, is still known. */
export type MediaState = 'stored' | 'refused' | 'erased';

/** One attachment of a message that has been looked at: kept, or not and why. Until then it has no row. */
export interface MediaFile {
  id: string;
  tenantId: string;
  conversationSid: string;
  messageId: string;
  /** Its place among the message's attachments, from 0. */
  position: number;
  state: MediaState;
  /** What it is by its own first bytes, whatever it was said to be. Null for what was refused. */
  contentType: string | null;
  /** Bytes. */
  size: number | null;
  /** Hexadecimal SHA-256 of the bytes. */
  sha256: string | null;
  storageKey: string | null;
  /** Why it is not here, in words that staff can read. */
  reason: string | null;
  createdAt: Date;
}

/** What is told of an attachment to the person who sent it. */
export type AttachmentCopy = Pick<MediaFile, 'messageId' | 'position' | 'state' | 'contentType' | 'size' | 'sha256' | 'reason' | 'createdAt'> & {
  /** Where the file itself is fetched. */
  href: string;
};

export interface MediaContent {
  contentType: string;
  bytes: Buffer;
}

/** A picture as the model is shown it. */
export interface Picture {
  contentType: string;
  bytes: Buffer;
}
