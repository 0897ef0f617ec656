import { createHash } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { TenantSecrets } from '@throughline/database/tenant-secrets.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, HubError, invalid, notFound } from '@throughline/kernel/errors.js';
import { isUuid, uuidv7 } from '@throughline/kernel/ids.js';
import { reach } from '@throughline/kernel/points.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { AppConfig } from '../app.config.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Attaching, Media } from '../conversations/conversations.types.js';
import { kindOf } from './kind.js';
import { claimedLink, isSealedWith, sealedLink } from './link.policy.js';
import { MediaRepository } from './media.repository.js';
import { MediaStore } from './media.store.js';
import type { MediaContent, MediaFile, OutgoingFile, Upload } from './media.types.js';
import { filenameOf, whyNotSend } from './outgoing.policy.js';
import { UploadsRepository } from './uploads.repository.js';

/** What was handed in and not sent by then is removed. */
const KEPT_MS = 24 * 3_600_000;
/** A message waits at Twilio for up to ten hours before it leaves (ValidityPeriod), and its files are fetched then. */
const LINK_MS = 12 * 3_600_000;

const urlOf = (uploadId: string): string => `upload:${uploadId}`;

/** Files on their way out: handed in, attached to a message, and fetched by whoever carries it. */
@Injectable()
export class OutgoingService implements OnModuleInit, Attaching {
  private readonly uploads = new UploadsRepository();
  private readonly files = new MediaRepository();
  private readonly secrets: TenantSecrets;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly store: MediaStore,
    private readonly conversations: ConversationsService,
    private readonly config: AppConfig,
  ) {
    this.secrets = new TenantSecrets(database, this.uploads);
  }

  onModuleInit(): void {
    this.conversations.attachWith(this);
  }

  /**
   * Keeps a file that is to be sent in this conversation. Its row is there before its bytes, so that nothing is left of one that
   * nobody sends, or whose hub dies.
   *
   * @throws HubError `invalid` for a kind that is not kept here; `not_found`
   */
  async keep(tenantId: string, conversationSid: string, file: { bytes: Buffer; contentType: string; filename: string | undefined }): Promise<Upload> {
    await this.conversations.conversation(tenantId, conversationSid);
    const contentType = await kindOf(file.bytes, file.contentType);
    if (file.bytes.length === 0) throw invalid('The file is empty. Send its bytes as the body of the request.');
    if (!contentType) throw invalid(`Files of this kind are not taken (it was sent as ${file.contentType || 'nothing'}).`);
    const createdAt = this.clock.now();
    const id = uuidv7(createdAt.getTime());
    const upload: Upload = {
      id, tenantId, conversationSid, createdAt, state: 'ready', contentType, size: file.bytes.length, storageKey: `${tenantId}/uploads/${id}`,
      sha256: createHash('sha256').update(file.bytes).digest('hex'), filename: filenameOf(file.filename),
    };
    await this.database.transaction(tenantId, async (tx) => {
      this.uploads.insert(tx, upload);
      this.outbox.enqueue(tx, { name: 'media.drop', payload: { uploadId: id }, dueAt: this.clock.in(KEPT_MS) });
    });
    await this.store.put(upload.storageKey, file.bytes);
    await reach('upload.stored');
    if (await this.database.transaction(tenantId, (tx) => this.uploads.setReady(tx, upload))) return upload;
    await this.store.remove(upload.storageKey);
    throw conflict('erased', 'The contact was erased meanwhile.');
  }

  /** In the transaction of the message that they go out with. */
  async attach(tx: Tx, message: Parameters<Attaching['attach']>[1], uploadIds: string[]): Promise<Media[]> {
    const { id: messageId, conversationSid, channel } = message;
    const taken = new Map((await this.uploads.take(tx, conversationSid, uploadIds)).map((upload) => [upload.id, upload]));
    const uploads = uploadIds.map((id) => taken.get(id) ?? missing(id)) as (Upload & { contentType: string; size: number })[];
    const why = whyNotSend(channel, uploads);
    if (why) throw invalid(why, [{ path: 'attachments', message: why }]);
    const createdAt = this.clock.now();
    for (const [position, { contentType, size, sha256, filename, storageKey }] of uploads.entries()) {
      this.files.insert(tx, {
        id: uuidv7(createdAt.getTime()), tenantId: tx.tenantId, conversationSid, messageId, position, state: 'stored', contentType, size, sha256, filename,
        storageKey, reason: null, createdAt,
      });
    }
    return uploads.map(({ id, contentType, filename }) => ({ url: urlOf(id), contentType, ...(filename ? { name: filename } : {}) }));
  }

  refersTo(media: readonly Media[], uploadIds: readonly string[]): boolean {
    return media.length === uploadIds.length && media.every(({ url }, position) => url === urlOf(uploadIds[position]!));
  }

  /**
   * What goes out with a message, for whoever carries it: an address that anybody can fetch for some hours, or the bytes.
   *
   * @param positions which of its files
   * @throws HubError `media_not_here` when one of them is erased
   */
  async filesOf(tenantId: string, messageId: string, positions: readonly number[]): Promise<OutgoingFile[]> {
    if (positions.length === 0) return [];
    const files = await this.database.transaction(tenantId, (tx) => this.files.of(tx, [messageId]));
    const secret = await this.secrets.of(tenantId);
    const expiresAt = this.clock.in(LINK_MS);
    return positions.map((position) => {
      const file = files.find((each) => each.position === position);
      if (file?.state !== 'stored') throw gone();
      const { id: fileId, contentType, size, filename } = file;
      return {
        position, contentType: contentType!, size: size!, filename,
        url: `${this.config.publicBaseUrl}/media/${sealedLink({ tenantId, fileId, expiresAt }, secret)}`,
        bytes: () => this.bytesOf(file),
      };
    });
  }

  /** The file behind such an address. @throws HubError `not_found`, whatever is wrong with it: who tries addresses learns nothing */
  async open(token: string): Promise<MediaContent> {
    const link = claimedLink(token);
    const secret = link && isUuid(link.tenantId) ? await this.secrets.existing(link.tenantId) : null;
    if (!link || !secret || !isSealedWith(token, secret) || link.expiresAt <= this.clock.now()) throw notFound('file', 'under this address');
    const file = await this.database.transaction(link.tenantId, (tx) => this.files.byId(tx, link.fileId));
    if (file?.state !== 'stored') throw notFound('file', 'under this address');
    return { contentType: file.contentType!, filename: file.filename, bytes: await this.bytesOf(file) };
  }

  /** Nobody sent it. */
  async drop(tenantId: string, uploadId: string): Promise<void> {
    const key = await this.database.transaction(tenantId, (tx) => this.uploads.expire(tx, uploadId));
    if (!key) return;
    await this.store.remove(key);
    await this.database.transaction(tenantId, async (tx) => this.uploads.delete(tx, uploadId));
  }

  private async bytesOf({ storageKey }: MediaFile): Promise<Buffer> {
    return (await this.store.get(storageKey!)) ?? Promise.reject(gone());
  }
}

const gone = (): HubError => new HubError('not_found', 'media_not_here', 'A file of this message is not there any more.');

function missing(id: string): never {
  const message = `there is no file ${id} for this conversation; it may have been sent before, and what is not sent is kept for a day`;
  throw invalid(`attachments: ${message}`, [{ path: 'attachments', message }]);
}
