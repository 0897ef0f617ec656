import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { AssistantService } from '../assistant/assistant.service.js';
import { KnowledgeService } from '../knowledge/knowledge.service.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import type { Visitor } from '../visitors/visitors.types.js';
import { PhonesService } from './phones.service.js';
import type { Erased } from './privacy.types.js';

/** What stands beside a conversation: what repeats its words elsewhere, its phone calls, and who a visitor of web chat said they are. */
@Injectable()
export class QuotesService {
  constructor(
    private readonly assistant: AssistantService,
    private readonly knowledge: KnowledgeService,
    private readonly visitors: VisitorsService,
    readonly phones: PhonesService,
  ) {}

  async everythingIn(tx: Tx, conversationSid: string) {
    const [thought, citations] = await Promise.all([this.assistant.everythingIn(tx, conversationSid), this.knowledge.everythingIn(tx, conversationSid)]);
    return { ...thought, citations };
  }

  async erase(tx: Tx, conversationSid: string): Promise<Erased> {
    const { counts, underWay } = await this.assistant.erase(tx, conversationSid);
    return { counts: { ...counts, ...(await this.knowledge.erase(tx, conversationSid)) }, underWay };
  }

  /** The visitors of web chat at these addresses. */
  visitorsAt(tx: Tx, addresses: string[]): Promise<Visitor[]> {
    return this.visitors.at(tx, addresses);
  }

  /** Takes them away, and what others of before claim of these addresses. Twice is once. */
  eraseVisitors(tx: Tx, addresses: string[], until: Date): Promise<Record<string, number>> {
    return this.visitors.erase(tx, addresses, until);
  }

  /** Visitors who did not come back in time. @returns how many, `most` at most */
  removeExpiredVisitors(tx: Tx, most: number): Promise<number> {
    return this.visitors.removeExpired(tx, most);
  }

  async purge(tx: Tx, conversationSid: string, before: Date, upToSeq: number): Promise<void> {
    await this.assistant.purge(tx, conversationSid, before);
    this.phones.purge(tx, conversationSid, before, upToSeq);
    await this.knowledge.erase(tx, conversationSid, before);
  }
}
