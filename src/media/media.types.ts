/** Twilio takes no larger attachment on any channel (WhatsApp: 16 MB; MMS: 5 MB). */
export const MOST_BYTES = 16_000_000;

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
  /** What it was called where it came from. Null when nobody said. */
  filename: string | null;
  /** Why it is not here, in words that staff can read. */
  reason: string | null;
  createdAt: Date;
}

/** `arriving`: its bytes may be there or not; `ready`: it can be sent; `expired`: its file is removed, or about to be. One that was sent has no row. */
export type UploadState = 'arriving' | 'ready' | 'expired';

/** A file that staff has handed in, to be sent in this conversation. */
export interface Upload extends Pick<MediaFile, 'id' | 'tenantId' | 'conversationSid' | 'contentType' | 'size' | 'sha256' | 'filename' | 'createdAt'> {
  state: UploadState;
  storageKey: string;
}

/** A file that goes out with a message. */
export interface OutgoingFile {
  position: number;
  contentType: string;
  /** Bytes. */
  size: number;
  filename: string | null;
  /** Public, not to be guessed, and good for some hours: who carries the message fetches it there. */
  url: string;
  /** For those who carry bytes. @throws HubError `media_not_here`; `media_store_unavailable` */
  bytes: () => Promise<Buffer>;
}

/** What is told of an attachment to the person whose conversation it is in. */
export type AttachmentCopy = Pick<MediaFile, 'messageId' | 'position' | 'state' | 'contentType' | 'size' | 'sha256' | 'filename' | 'reason' | 'createdAt'> & {
  /** Where the file itself is fetched. */
  href: string;
};

/** A place that attachments are fetched from. */
export interface MediaSource {
  /** As in the attachment's address: `mail:`. */
  readonly protocol: string;
  /** @throws HubError as `TwilioMedia.fetch` does: retryable where another try may bring it */
  fetch(tenantId: string, url: string, mostBytes: number): Promise<{ bytes: Buffer }>;
}

export interface MediaContent {
  contentType: string;
  filename: string | null;
  bytes: Buffer;
}

/** A picture as the model is shown it. */
export interface Picture {
  contentType: string;
  bytes: Buffer;
}

/** What a visitor has brought, and no message names yet. */
export interface VisitorUpload {
  id: string;
  tenantId: string;
  /** Of the channel `chat`. */
  address: string;
  /** As the visitor calls it. */
  name: string | null;
  contentType: string;
  /** Bytes. */
  size: number;
  createdAt: Date;
}
