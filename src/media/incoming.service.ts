import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError, invalid } from '@throughline/kernel/errors.js';
import { isUuid, uuidv7 } from '@throughline/kernel/ids.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { TwilioMedia } from '@throughline/twilio/media.js';
import type { Media, Message } from '../conversations/conversations.types.js';
import { kindOf } from './kind.js';
import { MediaStore } from './media.store.js';
import { type MediaSource, MOST_BYTES, type VisitorUpload } from './media.types.js';
import { VisitorUploadsRepository } from './visitor-uploads.repository.js';

/** What no message has named by then is not there for one any more. */
const KEPT_MS = 86_400_000;
/** And goes some hours later: a message that named it at last is still being fetched. */
const FETCHED_MS = 6 * 3_600_000;
const MOST_REMOVED = 20;
const SCHEME = 'visitor-upload:';

const keyOf = ({ tenantId, id }: Pick<VisitorUpload, 'tenantId' | 'id'>): string => `${tenantId}/uploads/${id}`;

/** Files on their way in: fetched from Twilio, or brought by visitors themselves, where they wait until a message names them. */
@Injectable()
export class IncomingService {
  private readonly uploads = new VisitorUploadsRepository();
  private readonly sources = new Map<string, MediaSource>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly store: MediaStore,
    private readonly twilio: TwilioMedia,
  ) {}

  /** Doors bring the places that attachments of their messages are fetched from; Twilio is known here. */
  registerSource(source: MediaSource): void {
    this.sources.set(source.protocol, source);
  }

  /**
   * The row first, and the job that removes it, so that no file is ever without them.
   *
   * @param declared what it is said to be
   * @throws HubError `too_large`; `invalid` for what is not of a kind that is kept
   */
  async keep(tenantId: string, address: string, { bytes, name, declared }: { bytes: Buffer; name: string | null; declared: string }): Promise<VisitorUpload> {
    if (bytes.length > MOST_BYTES) throw new HubError('too_large', 'media_too_large', `It is larger than ${MOST_BYTES / 1_000_000} MB.`);
    const contentType = bytes.length > 0 ? await kindOf(bytes, declared) : null;
    if (!contentType) throw invalid('It is not of a kind that is kept here.');
    const createdAt = this.clock.now();
    const id = uuidv7(createdAt.getTime());
    const upload: VisitorUpload = { id, tenantId, address, name, contentType, size: bytes.length, createdAt };
    await this.database.transaction(tenantId, async (tx) => {
      await this.uploads.insert(tx, upload);
      this.outbox.enqueue(tx, { name: 'media.drop', payload: { uploadId: id }, dueAt: this.clock.in(KEPT_MS + FETCHED_MS) });
    });
    await this.store.put(keyOf(upload), bytes);
    // Whoever erased its owner meanwhile found no file.
    const kept = await this.database.transaction(tenantId, (tx) => this.uploads.of(tx, address, [id]));
    if (kept.length === 0) await this.store.remove(keyOf(upload));
    return upload;
  }

  /** As a message names them. @throws HubError `invalid` for one that this address has not brought, or not lately */
  async mediaOf(tenantId: string, address: string, ids: readonly string[]): Promise<Media[]> {
    if (ids.length === 0) return [];
    const brought = await this.database.transaction(tenantId, (tx) => this.uploads.of(tx, address, ids));
    const since = this.clock.in(-KEPT_MS);
    const known = new Map(brought.filter(({ createdAt }) => createdAt > since).map((upload) => [upload.id, upload]));
    return ids.map((id) => {
      const upload = known.get(id);
      if (!upload) throw invalid(`attachments: ${id} is not here (any more)`, [{ path: 'attachments', message: `${id} is not here (any more)` }]);
      return { url: `${SCHEME}${id}`, contentType: upload.contentType, ...(upload.name ? { name: upload.name } : {}) };
    });
  }

  /** With our credentials, from our account only. @throws HubError as `TwilioMedia.fetch` does */
  fromTwilio(url: string, mostBytes: number): Promise<{ bytes: Buffer }> {
    return this.twilio.fetch(url, mostBytes);
  }

  /**
   * The bytes of what a message brings; null when they are not here.
   *
   * @throws HubError `media_unavailable` when another try may bring them
   */
  async bytesOf({ tenantId, address }: Message, url: string): Promise<Buffer | null> {
    const source = this.sources.get(new URL(url).protocol);
    if (source) return (await source.fetch(tenantId, url, MOST_BYTES)).bytes;
    if (!url.startsWith(SCHEME)) return (await this.twilio.fetch(url, MOST_BYTES)).bytes;
    const id = url.slice(SCHEME.length);
    const [upload] = isUuid(id) ? await this.database.transaction(tenantId, (tx) => this.uploads.of(tx, address ?? '', [id])) : [];
    return upload ? this.store.get(keyOf(upload)) : null;
  }

  /** Its message has it now. */
  async used({ tenantId, address }: Message, url: string): Promise<void> {
    if (!url.startsWith(SCHEME)) return;
    await this.database.transaction(tenantId, async (tx) => this.removeAll(tx, await this.uploads.of(tx, address ?? '', [url.slice(SCHEME.length)])));
  }

  /** Also out of the names of files that others have brought. Twice is once. */
  async erase(tx: Tx, addresses: string[]): Promise<number> {
    await this.uploads.forgetNames(tx, addresses);
    return this.removeAll(tx, await this.uploads.ofAddresses(tx, addresses));
  }

  /** Those of the tenant that no message has named in time, the oldest first: a job for each of them was asked for. Twice is once. */
  async drop(tenantId: string): Promise<void> {
    await this.database.transaction(tenantId, async (tx) =>
      this.removeAll(tx, await this.uploads.until(tx, this.clock.in(-KEPT_MS - FETCHED_MS), MOST_REMOVED)));
  }

  /** The files first: a row without a file is found again, a file without a row is not. */
  private async removeAll(tx: Tx, uploads: readonly VisitorUpload[]): Promise<number> {
    for (const upload of uploads) await this.store.remove(keyOf(upload));
    return uploads.length > 0 ? this.uploads.remove(tx, uploads.map(({ id }) => id)) : 0;
  }
}
