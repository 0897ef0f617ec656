import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { AssistantService } from '../assistant/assistant.service.js';
import { KnowledgeService } from '../knowledge/knowledge.service.js';
import type { Erased } from './privacy.types.js';

/** What repeats the words of a conversation elsewhere. */
@Injectable()
export class QuotesService {
  constructor(
    private readonly assistant: AssistantService,
    private readonly knowledge: KnowledgeService,
  ) {}

  async everythingIn(tx: Tx, conversationSid: string) {
    const [thought, citations] = await Promise.all([this.assistant.everythingIn(tx, conversationSid), this.knowledge.everythingIn(tx, conversationSid)]);
    return { ...thought, citations };
  }

  async erase(tx: Tx, conversationSid: string): Promise<Erased> {
    const { counts, underWay } = await this.assistant.erase(tx, conversationSid);
    return { counts: { ...counts, ...(await this.knowledge.erase(tx, conversationSid)) }, underWay };
  }

  async purge(tx: Tx, conversationSid: string, before: Date): Promise<void> {
    await this.assistant.purge(tx, conversationSid, before);
    await this.knowledge.erase(tx, conversationSid, before);
  }
}
