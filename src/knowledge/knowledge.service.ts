import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, notFound } from '@throughline/kernel/errors.js';
import { isUuid, uuidv7 } from '@throughline/kernel/ids.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { CitationsRepository } from './citations.repository.js';
import { KnowledgeRepository } from './knowledge.repository.js';
import type { Citation, FoundPassage, KnowledgePage } from './knowledge.types.js';
import { passagesOf } from './passages.policy.js';

const MOST_EXPORTED = 1_000_000;

export type PageWords = Pick<KnowledgePage, 'title' | 'body' | 'sourceUrl'>;

/** What the tenant knows about its own business, and what of it answers were given from. */
@Injectable()
export class KnowledgeService {
  private readonly pages = new KnowledgeRepository();
  private readonly citations = new CitationsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tenancy: TenancyService,
    private readonly conversations: ConversationsService,
  ) {}

  list(tenantId: string, after: { at: Date; id: string } | null, limit: number): Promise<KnowledgePage[]> {
    return this.database.transaction(tenantId, (tx) => this.pages.list(tx, after, limit));
  }

  /** @throws HubError `not_found`, also for another tenant's page */
  async page(tenantId: string, id: string): Promise<KnowledgePage> {
    const found = isUuid(id) ? await this.database.transaction(tenantId, (tx) => this.pages.find(tx, id)) : null;
    if (!found) throw notFound('page', id);
    return found;
  }

  /** @throws HubError `conflict` when another page has the same source */
  async add(tenantId: string, words: PageWords): Promise<KnowledgePage> {
    const createdAt = this.clock.now();
    const { settings } = await this.tenancy.tenant(tenantId);
    const page = { ...words, id: uuidv7(createdAt.getTime()), language: settings.searchLanguage, createdAt, updatedAt: createdAt };
    await this.database.transaction(tenantId, async (tx) => {
      if (!(await this.pages.insert(tx, page))) throw sourceTaken();
      this.cut(tx, page);
    });
    return page;
  }

  /** What is left out stays. @throws HubError `not_found`, or `conflict` when another page has the same source */
  async change(tenantId: string, id: string, change: Partial<PageWords>): Promise<KnowledgePage> {
    const { settings } = await this.tenancy.tenant(tenantId);
    return this.database.transaction(tenantId, async (tx) => {
      const present = isUuid(id) ? await this.pages.lock(tx, id) : null;
      if (!present) throw notFound('page', id);
      const page = { ...present, ...change, language: settings.searchLanguage, updatedAt: this.clock.now() };
      if (page.sourceUrl && (await this.pages.hasSource(tx, page.sourceUrl, id))) throw sourceTaken();
      this.pages.update(tx, page);
      this.cut(tx, page);
      return page;
    });
  }

  /** Answers keep what they were given from. @throws HubError `not_found` */
  async remove(tenantId: string, id: string): Promise<void> {
    const removed = isUuid(id) && await this.database.transaction(tenantId, (tx) => this.pages.remove(tx, id));
    if (!removed) throw notFound('page', id);
  }

  /** Passages with all of these words, best first; where there are none, those with any of them. */
  search(tenantId: string, query: string, limit: number): Promise<FoundPassage[]> {
    return this.database.transaction(tenantId, async (tx) => {
      const exact = await this.pages.search(tx, query, false, limit);
      return exact.length > 0 ? exact : this.pages.search(tx, query, true, limit);
    });
  }

  /** The same for a turn of the assistant, which keeps what it was shown. */
  async consult(tenantId: string, turn: { id: string; conversationSid: string }, query: string, limit: number): Promise<FoundPassage[]> {
    const found = await this.search(tenantId, query, limit);
    const citedAt = this.clock.now();
    await this.database.transaction(tenantId, (tx) => {
      for (const { pageId, passageId, title, sourceUrl, body } of found) {
        this.citations.add(tx, {
          id: uuidv7(citedAt.getTime()), conversationSid: turn.conversationSid, turnId: turn.id, pageId, passageId, title, sourceUrl, passage: body, citedAt,
        });
      }
    });
    return found;
  }

  /** What the assistant's answers in a conversation were given from, oldest first. @throws HubError `not_found` */
  async citationsOf(tenantId: string, conversationSid: string, page: Parameters<CitationsRepository['list']>[2]): Promise<Citation[]> {
    await this.conversations.conversation(tenantId, conversationSid);
    return this.database.transaction(tenantId, (tx) => this.citations.list(tx, conversationSid, page));
  }

  /** Every citation of a conversation, oldest first. */
  everythingIn(tx: Tx, conversationSid: string): Promise<Citation[]> {
    return this.citations.list(tx, conversationSid, { turnId: null, after: null, limit: MOST_EXPORTED });
  }

  /** What was answered, and from where, says what was asked. Twice is once. @param before only what is from before; everything with null */
  async erase(tx: Tx, conversationSid: string, before: Date | null = null): Promise<Record<string, number>> {
    return { citations: await this.citations.erase(tx, conversationSid, before) };
  }

  private cut(tx: Tx, page: KnowledgePage): void {
    const ms = page.updatedAt.getTime();
    this.pages.setPassages(tx, page, passagesOf(page.body).map((passage) => ({ ...passage, id: uuidv7(ms) })));
  }
}

const sourceTaken = (): Error => conflict('source_taken', 'Another page of this tenant has the same sourceUrl. Change that one.');
