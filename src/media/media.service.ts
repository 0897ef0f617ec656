import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { describe, HubError, notFound } from '@throughline/kernel/errors.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { tell } from '@throughline/live/live.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { hrefOfMedia as hrefOf, type Message } from '../conversations/conversations.types.js';
import { IncomingService } from './incoming.service.js';
import { kindOf } from './kind.js';
import { isForModels } from './media.policy.js';
import { MediaRepository } from './media.repository.js';
import { MediaStore } from './media.store.js';
import type { AttachmentCopy, MediaContent, MediaFile, Picture } from './media.types.js';
import { filenameOf } from './outgoing.policy.js';
import { OutgoingService } from './outgoing.service.js';
import { UploadsRepository } from './uploads.repository.js';

type Finding = Pick<MediaFile, 'state' | 'contentType' | 'size' | 'sha256' | 'filename' | 'reason'> & { bytes: Buffer | null };

const NOTHING: Finding = { state: 'refused', contentType: null, size: null, sha256: null, filename: null, reason: null, bytes: null };

/** Known before there is anything under it, so that whoever erases a message knows it, too. */
const keyOf = (tenantId: string, messageId: string, position: number): string => `${tenantId}/${messageId}/${position}`;

/** Keeps what is attached: what customers send is fetched once, looked at, stored, shown to staff and to the model. */
@Injectable()
export class MediaService {
  private readonly log = new Logger('Media');
  private readonly files = new MediaRepository();
  private readonly uploads = new UploadsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly conversations: ConversationsService,
    private readonly store: MediaStore,
    readonly incoming: IncomingService,
    /** What is sent, rather than what came. */
    readonly outgoing: OutgoingService,
  ) {}

  /**
   * Fetches the message's attachments that have not been looked at. Two who do it at once keep the same bytes under the same key.
   *
   * @throws HubError `media_unavailable` when another try may bring what is missing
   */
  async fetch(tenantId: string, messageId: string): Promise<void> {
    const [message, known] = await this.database.transaction(tenantId, (tx) =>
      Promise.all([this.conversations.messageIn(tx, messageId), this.files.of(tx, [messageId])]));
    if (!message) return;
    const places = new Set(known.map((file) => file.position));
    const missing = message.media.map((_, position) => position).filter((position) => !places.has(position));
    const results = await Promise.allSettled(missing.map((position) => this.take(message, position)));
    const { channel, address } = message;
    if (missing.length > 0 && address) tell('recorded', { tenantId, channel, address, messageId });
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  }

  /** What was handed in, or brought, and not sent. Twice is once. */
  async drop(tenantId: string, uploadId: string): Promise<void> {
    await this.outgoing.drop(tenantId, uploadId);
    await this.incoming.drop(tenantId);
  }

  /**
   * The file is put with its message locked: whoever erases that waits until its row says where the file is, and afterwards
   * nothing is put any more.
   */
  private async take(message: Message, position: number): Promise<void> {
    const { tenantId, conversationSid, id: messageId } = message;
    const { bytes, ...finding } = await this.look(message, position);
    const createdAt = this.clock.now();
    const key = keyOf(tenantId, messageId, position);
    const isErased = await this.database.transaction(tenantId, async (tx) => {
      this.conversations.lockMessage(tx, messageId);
      const known = (await this.files.of(tx, [messageId])).find((file) => file.position === position);
      if (known) return known.state === 'erased';
      if (!(await this.conversations.messageIn(tx, messageId))?.media[position]) return true;
      if (bytes) await this.store.put(key, bytes);
      this.files.insert(tx, {
        id: uuidv7(createdAt.getTime()), tenantId, conversationSid, messageId, position, createdAt, ...finding, storageKey: bytes && key,
      });
      return false;
    });
    // A try of this transaction whose connection broke may have put it before.
    if (isErased) await this.store.remove(key);
    await this.incoming.used(message, message.media[position]!.url);
  }

  private async look(message: Message, position: number): Promise<Finding> {
    const { url, contentType: declared } = message.media[position]!;
    try {
      const bytes = await this.incoming.bytesOf(message, url);
      if (!bytes) return { ...NOTHING, reason: 'Its file is missing in the media store.' };
      const contentType = await kindOf(bytes, declared);
      if (!contentType) return { ...NOTHING, reason: `It is not of a kind that is kept here (it was sent as ${declared}).` };
      return { state: 'stored', contentType, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), filename: null, reason: null, bytes };
    } catch (error) {
      if (!(error instanceof HubError) || error.retryable) throw error;
      return { ...NOTHING, reason: error.message };
    }
  }

  /**
   * One attachment, as it came.
   *
   * @returns null while it is being fetched
   * @throws HubError `not_found`; `media_not_here` with the reason
   */
  async content(tenantId: string, conversationSid: string, messageId: string, position: number): Promise<MediaContent | null> {
    const [message, file] = await this.database.transaction(tenantId, (tx) =>
      Promise.all([this.conversations.messageIn(tx, messageId), this.files.find(tx, conversationSid, messageId, position)]));
    if (message?.conversationSid !== conversationSid || !message.media[position]) throw notFound('attachment', `${messageId}/${position}`);
    if (!file) return null;
    const bytes = file.state === 'stored' ? await this.store.get(file.storageKey!) : null;
    if (!bytes) throw new HubError('not_found', 'media_not_here', file.reason ?? 'Its file is missing in the media store.');
    return { contentType: file.contentType!, filename: file.filename ?? filenameOf(message.media[position].name), bytes };
  }

  /**
   * The pictures among the attachments of these messages, by message.
   *
   * @param messages oldest first
   * @param most of all of them together, the newest first to be taken
   * @returns without those that the store does not have, or cannot give now
   */
  async pictures(tenantId: string, messages: readonly Message[], most: number): Promise<Map<string, Picture[]>> {
    const files = await this.database.transaction(tenantId, (tx) => this.files.of(tx, messages.map(({ id }) => id)));
    // As they were sent. When each was fetched says nothing.
    const sent = messages.flatMap(({ id }) => files.filter(({ messageId }) => messageId === id));
    const wanted = sent.filter(({ contentType, size }) => contentType !== null && isForModels(contentType, size!)).slice(-most);
    const pictures = new Map<string, Picture[]>();
    for (const { messageId, contentType, storageKey } of wanted) {
      const bytes = await this.store.get(storageKey!).catch((error: unknown) => this.unseen(messageId, error));
      if (bytes) pictures.set(messageId, [...(pictures.get(messageId) ?? []), { contentType: contentType!, bytes }]);
    }
    return pictures;
  }

  /** Words alone are a better answer than none. */
  private unseen(messageId: string, error: unknown): null {
    this.log.warn(`a picture of message ${messageId} is not shown to the model: ${describe(error)}`);
    return null;
  }

  /** Those of these messages' attachments that have been looked at. */
  lookedAt(tx: Tx, messageIds: string[]): Promise<MediaFile[]> {
    return this.files.of(tx, messageIds);
  }

  /** Every attachment of a conversation that has been looked at, by message. */
  async everythingIn(tx: Tx, conversationSid: string): Promise<AttachmentCopy[]> {
    return (await this.files.inConversation(tx, conversationSid)).map(({ messageId, position, state, contentType, size, sha256, filename, reason, createdAt }) => ({
      messageId, position, state, contentType, size, sha256, filename, reason, createdAt, href: hrefOf(conversationSid, messageId, position),
    }));
  }

  /**
   * Nothing stays of these messages' attachments but where their files are; `removeFiles` removes those. Twice is once.
   *
   * @param messages held by this transaction
   */
  async erase(tx: Tx, conversationSid: string, messages: readonly Pick<Message, 'id' | 'media'>[]): Promise<number> {
    const at = this.clock.now();
    const gone = messages.flatMap(({ id: messageId, media }) => media.map((_, position) => (
      { id: uuidv7(at.getTime()), messageId, position, storageKey: keyOf(tx.tenantId, messageId, position) })));
    return gone.length > 0 ? this.files.erase(tx, conversationSid, gone, at) : 0;
  }

  /** The same for a whole conversation, and what was to be sent in it. @param attached all of its messages to which something is attached, held by this transaction */
  async eraseAll(tx: Tx, conversationSid: string, attached: readonly Pick<Message, 'id' | 'media'>[]): Promise<Record<string, number>> {
    const attachments = await this.erase(tx, conversationSid, attached);
    return { attachments: attachments + await this.files.eraseRest(tx, conversationSid) + await this.uploads.expireAll(tx, conversationSid) };
  }

  /** Removes the files of what was erased. Twice is once. @param messageIds null for the whole conversation */
  async removeFiles(tenantId: string, conversationSid: string, messageIds: string[] | null): Promise<void> {
    const keys = await this.database.transaction(tenantId, (tx) => this.keysOfErased(tx, conversationSid, messageIds));
    for (const key of keys) await this.store.remove(key);
  }

  /** How many files of what was erased in a conversation are still there. */
  async filesLeft(tx: Tx, conversationSid: string): Promise<number> {
    let left = 0;
    for (const key of await this.keysOfErased(tx, conversationSid, null)) left += (await this.store.get(key)) ? 1 : 0;
    return left;
  }

  /** What was handed in stays among them until its day is over: a hub that was at it may have put it behind the first look. */
  private async keysOfErased(tx: Tx, conversationSid: string, messageIds: string[] | null): Promise<string[]> {
    const keys = await this.files.erasedKeys(tx, conversationSid, messageIds);
    return messageIds === null ? [...keys, ...await this.uploads.expiredKeys(tx, conversationSid)] : keys;
  }
}
