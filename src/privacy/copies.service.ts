import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';
import { reach } from '@throughline/kernel/points.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { MediaService } from '../media/media.service.js';
import { MirrorService } from '../mirror/mirror.service.js';
import { ErasuresRepository } from './erasures.repository.js';
import type { Copy, Counts, Erasure } from './privacy.types.js';

/** In one run of a job, so that it ends well before anybody takes it for dead. */
const BATCH = 50;

/** Removes what is kept of a person outside of the database: at Twilio, and in the media store. */
@Injectable()
export class CopiesService {
  private readonly erasures = new ErasuresRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly contacts: ContactsService,
    private readonly delivery: DeliveryService,
    private readonly mirror: MirrorService,
    private readonly media: MediaService,
  ) {}

  /** The files of attachments whose rows are blanked. Twice is once. */
  async removeFiles(tenantId: string, conversationSids: readonly string[]): Promise<void> {
    for (const sid of conversationSids) await this.media.removeFiles(tenantId, sid, null);
  }

  /** Files that are still there, by the table that knows of them. */
  async filesLeft(tx: Tx, conversationSids: readonly string[]): Promise<Counts> {
    let left = 0;
    for (const sid of conversationSids) left += await this.media.filesLeft(tx, sid);
    return left > 0 ? { media_files: left } : {};
  }

  /**
   * One that fails holds nobody up.
   *
   * @param conversationSids all of the person
   * @returns whether there may be more
   * @throws HubError after all of them were tried, when some are left
   */
  async removeSome(tenantId: string, erasure: Erasure, conversationSids: readonly string[]): Promise<boolean> {
    const copies = await this.database.transaction(tenantId, (tx) => this.erasures.openCopies(tx, erasure.id, BATCH));
    const failures: string[] = [];
    for (const copy of copies) {
      try {
        await this.remove(tenantId, conversationSids, copy);
        await reach('erasure.copy_removed');
        await this.database.transaction(tenantId, (tx) => this.erasures.noteRemoved(tx, copy.id, this.clock.now()));
      } catch (error) {
        // Not in its own words: Twilio quotes what it was asked for, which may be an address.
        failures.push(`${copy.kind} (${error instanceof HubError ? error.code : 'unexpected'})`);
      }
    }
    if (failures.length > 0) throw new HubError('unavailable', 'copies_left', `Of contact ${erasure.contactId} Twilio still has: ${failures.join(', ')}.`);
    return copies.length === BATCH;
  }

  private async remove(tenantId: string, conversationSids: readonly string[], { kind, channel, sid }: Copy): Promise<void> {
    if (kind === 'conversation') return this.mirror.removeCopy(tenantId, sid);
    if (kind === 'message') return this.delivery.removeCopy(channel!, sid);
    if (await this.isUsedAgain(tenantId, channel!, sid)) return;
    for (const conversationSid of conversationSids) await this.mirror.removeUser(tenantId, conversationSid, sid);
  }

  /** The person has written again since, and takes part in a new Conversation under the same identity. */
  private async isUsedAgain(tenantId: string, channel: string, identity: string): Promise<boolean> {
    const address = identity.slice(channel.length + 1);
    return (await this.database.transaction(tenantId, (tx) => this.contacts.whoWrote(tx, { channel, address }))) !== null;
  }
}
