import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { estimateTokens } from '@throughline/llm/tokens.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Conversation } from '../conversations/conversations.types.js';
import { FactsRepository } from './facts.repository.js';
import type { Fact, NewFact, Recall } from './memory.types.js';
import { omittedBefore, recentWithin, shortened } from './recall.policy.js';
import { SummariesRepository } from './summaries.repository.js';

/** More messages than this are never read for one reply: 3,000 tokens are some 60 texts of usual length. */
const MOST_MESSAGES = 80;
const MOST_FACTS = 40;

/** What is remembered of a person, whichever channel it came by. */
@Injectable()
export class MemoryService {
  private readonly facts = new FactsRepository();
  private readonly summaries = new SummariesRepository();

  constructor(
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly conversations: ConversationsService,
  ) {}

  /** All that goes into a prompt. Stands in the way of every reply: one short transaction, three reads by key. */
  async recall(tenantId: string, conversation: Conversation, budgetTokens: number): Promise<Recall> {
    const { conversationSid, contactId } = conversation;
    const [messages, summary, facts] = await this.database.transaction(tenantId, (tx) => Promise.all([
      this.conversations.latestIn(tx, conversationSid, { limit: MOST_MESSAGES }),
      this.summaries.find(tx, conversationSid),
      this.facts.latest(tx, contactId, MOST_FACTS),
    ]));
    const turns = recentWithin(messages.map(shortened), budgetTokens, estimateTokens);
    const omitted = omittedBefore(turns);
    const covered = summary?.upToSeq ?? 0;
    return {
      summary: summary?.summary ?? null,
      facts,
      turns,
      omittedBefore: omitted,
      summaryDue: omitted !== null && omitted - 1 > covered,
    };
  }

  /** @returns false when it was known already */
  async remember(tenantId: string, fact: NewFact): Promise<boolean> {
    const at = this.clock.now();
    const statement = fact.statement.replace(/\s+/g, ' ').trim();
    return this.database.transaction(tenantId, (tx) =>
      this.facts.insert(tx, uuidv7(at.getTime()), { ...fact, statement }, at));
  }

  /** What is known of a contact, oldest first. */
  async factsOf(tenantId: string, contactId: string): Promise<Fact[]> {
    return this.database.transaction(tenantId, (tx) => this.facts.latest(tx, contactId, MOST_FACTS));
  }
}
