import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { AssistantService } from '../assistant/assistant.service.js';
import { KnowledgeService } from '../knowledge/knowledge.service.js';

/** What repeats the words of a conversation elsewhere. */
@Injectable()
export class QuotesService {
  constructor(
    private readonly assistant: AssistantService,
    private readonly knowledge: KnowledgeService,
  ) {}

  async purge(tx: Tx, conversationSid: string, before: Date): Promise<void> {
    await this.assistant.purge(tx, conversationSid, before);
    await this.knowledge.erase(tx, conversationSid, before);
  }
}
