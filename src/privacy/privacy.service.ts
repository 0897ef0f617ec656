import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { notFound } from '@throughline/kernel/errors.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ErasuresRepository } from './erasures.repository.js';
import { ExportService } from './export.service.js';
import { copyKinds, type Erasure, type ErasureReport } from './privacy.types.js';

/** What a person may ask of whoever keeps their data: a copy of it, and that it is gone. */
@Injectable()
export class PrivacyService {
  private readonly erasures = new ErasuresRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly contacts: ContactsService,
    private readonly exports: ExportService,
  ) {}

  /** Everything that is kept of a person, as it is at this moment. @throws HubError `not_found`, also for another tenant's contact */
  async export(tenantId: string, contactId: string): Promise<Record<string, unknown>> {
    return { exportedAt: this.clock.now(), ...(await this.database.transaction(tenantId, (tx) => this.exports.of(tx, contactId))) };
  }

  /** Asks for the erasure of a contact; asking again answers how far it has come. @throws HubError `not_found` */
  async erase(tenantId: string, contactId: string): Promise<ErasureReport> {
    const requestedAt = this.clock.now();
    return this.database.transaction(tenantId, async (tx) => {
      const known = await this.known(tx, contactId);
      if (known) return this.reportOf(tx, known);
      const survivor = (await this.contacts.holdPerson(tx, contactId))?.contacts[0];
      if (!survivor) throw notFound('contact', contactId);
      const fresh: Erasure = {
        id: uuidv7(requestedAt.getTime()), contactId: survivor.id, conversationSid: null, state: 'requested', counts: {}, remains: null, requestedAt, settlesAt: null,
        finishedAt: null,
      };
      if (await this.erasures.insert(tx, fresh)) this.outbox.enqueue(tx, { name: 'privacy.erase', payload: { erasureId: fresh.id }, key: fresh.id });
      return this.reportOf(tx, (await this.erasures.ofContact(tx, survivor.id))!);
    });
  }

  /** How far the erasure of a contact has come. @throws HubError `not_found` when nobody has asked for it */
  async report(tenantId: string, contactId: string): Promise<ErasureReport> {
    const report = await this.database.transaction(tenantId, async (tx) => {
      const known = await this.known(tx, contactId);
      return known && this.reportOf(tx, known);
    });
    if (!report) throw notFound('erasure of the contact', contactId);
    return report;
  }

  /** Of any contact that is the same person; one that was asked for before they were merged counts, too. */
  private async known(tx: Tx, contactId: string): Promise<Erasure | null> {
    return this.erasures.ofContacts(tx, await this.contacts.wholePerson(tx, contactId));
  }

  private async reportOf(tx: Tx, erasure: Erasure): Promise<ErasureReport> {
    const counts = await this.erasures.copyCounts(tx, erasure.id);
    const of = (kind: string): { found: number; removed: number } => {
      const { found = 0, removed = 0 } = counts.find((count) => count.kind === kind) ?? {};
      return { found, removed };
    };
    return { ...erasure, twilio: Object.fromEntries(copyKinds.map((kind) => [kind, of(kind)])) as ErasureReport['twilio'] };
  }
}
