import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { recordTransition } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { notFound } from '@throughline/kernel/errors.js';
import { isUuid } from '@throughline/kernel/ids.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { FactsRepository } from './facts.repository.js';
import type { Fact, Forgetting } from './memory.types.js';
import { SummariesRepository } from './summaries.repository.js';
import { WithheldRepository } from './withheld.repository.js';

/** Forgets what a person does not want known any more, and sees to it that the model cannot learn it a second time. */
@Injectable()
export class ForgettingService {
  private readonly facts = new FactsRepository();
  private readonly summaries = new SummariesRepository();
  private readonly withheld = new WithheldRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly contacts: ContactsService,
    private readonly conversations: ConversationsService,
    private readonly tenancy: TenancyService,
  ) {}

  /** What holds of a contact, or all there ever was of it. @throws HubError `not_found`, also for another tenant's contact */
  async list(tenantId: string, contactId: string, page: Parameters<FactsRepository['list']>[2]): Promise<Fact[]> {
    await this.contacts.contact(tenantId, contactId);
    return this.database.transaction(tenantId, async (tx) => this.facts.list(tx, await this.contacts.idsOfPerson(tx, contactId), page));
  }

  /** A colleague forgets one fact for the person. @throws HubError `not_found` when there is no such fact, or not any more */
  async forgetOne(tenantId: string, contactId: string, factId: string): Promise<void> {
    const wanted = isUuid(contactId) && isUuid(factId);
    const gone = wanted ? await this.forget(tenantId, { contactId, facts: [factId], cause: 'through the API', turnId: null }) : 0;
    if (gone === 0) throw notFound('fact', factId);
  }

  /** @throws HubError `not_found`, also for another tenant's contact */
  async forgetEverything(tenantId: string, contactId: string): Promise<number> {
    await this.contacts.contact(tenantId, contactId);
    return this.forget(tenantId, { contactId, facts: 'everything', cause: 'through the API', turnId: null });
  }

  /**
   * At once and for good: the words of the facts and of all that they replaced are gone, the messages that say the same are not
   * shown to the model any more, and the rolling summary begins anew without them. In all conversations of the person, those of
   * contacts that were merged included. Twice is once.
   *
   * @returns how many facts were forgotten
   */
  async forget(tenantId: string, forgetting: Forgetting): Promise<number> {
    const { settings } = await this.tenancy.tenant(tenantId);
    return this.database.transaction(tenantId, async (tx) => {
      const ids = await this.contacts.idsOfPerson(tx, forgetting.contactId);
      const conversationSids = await this.conversations.sidsOf(tx, ids);
      if (conversationSids.length === 0) return 0;
      const facts = await this.facts.lockToForget(tx, ids, forgetting.facts);
      if (facts.length === 0 && forgetting.facts !== 'everything') return 0;
      for (const conversationSid of conversationSids) {
        await this.withhold(tx, conversationSid, facts, { language: settings.searchLanguage, turnId: forgetting.turnId });
        await this.beginAnew(tx, conversationSid, forgetting);
      }
      this.facts.blank(tx, facts.map(({ id }) => id), this.clock.now());
      for (const { id, conversationSid } of facts) this.note(tx, conversationSid, { machine: 'fact', entityId: id, cause: forgetting.cause });
      return facts.length;
    });
  }

  /** The messages that these facts were learned from, those that say the same, and the turn in which all this is said once more. */
  private async withhold(tx: Tx, conversationSid: string, facts: Fact[], by: { language: string; turnId: string | null }): Promise<void> {
    const sources = facts.flatMap(({ sourceMessageId }) => sourceMessageId ?? []);
    const saying = await this.conversations.idsSaying(tx, conversationSid, facts.map(({ statement }) => statement), by.language);
    this.withheld.add(tx, conversationSid, [...sources, ...saying, ...(by.turnId ? [by.turnId] : [])], by.turnId);
  }

  private async beginAnew(tx: Tx, conversationSid: string, { facts, cause }: Forgetting): Promise<void> {
    const upToSeq = facts === 'everything' ? await this.conversations.lastSeqOf(tx, conversationSid) : 0;
    this.summaries.beginAnew(tx, conversationSid, upToSeq, this.clock.now());
    if (facts === 'everything') this.note(tx, conversationSid, { machine: 'memory', entityId: conversationSid, cause });
    this.outbox.enqueue(
      tx,
      { name: 'memory.summarise', payload: { conversationSid }, key: `${conversationSid}/anew` },
      { name: 'tools.forget', payload: { conversationSid } },
    );
  }

  private note(tx: Tx, conversationSid: string, entry: { machine: string; entityId: string; cause: string }): void {
    recordTransition(tx, { ...entry, conversationSid, from: 'known', to: 'forgotten', at: this.clock.now() });
  }
}
