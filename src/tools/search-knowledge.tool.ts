import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { KnowledgeService } from '../knowledge/knowledge.service.js';
import type { FoundPassage } from '../knowledge/knowledge.types.js';
import type { Tool, ToolContext, ToolResult } from './tools.types.js';

const searchArguments = z.object({
  query: z.string().trim().min(2).max(200).describe('The telling words, in the language of the business: "cancel appointment fee".'),
});

/** Four of at most 1,200 characters: what an answer may need, without pushing the thread out of the model's sight. */
const MOST_PASSAGES = 4;

/** Looks into the pages of the tenant whose conversation this is. */
@Injectable()
export class SearchKnowledgeTool implements Tool<typeof searchArguments> {
  readonly name = 'search_knowledge';
  readonly description = 'Search the pages and answers that the business has written about itself: prices, rules, services, directions.';
  readonly arguments = searchArguments;
  readonly timeoutMs = 5_000;
  readonly hasEffect = false;

  constructor(private readonly knowledge: KnowledgeService) {}

  async run({ turn }: ToolContext, { query }: z.infer<typeof searchArguments>): Promise<ToolResult> {
    const found = await this.knowledge.consult(turn.tenantId, turn, query, MOST_PASSAGES);
    if (found.length === 0) return { outcome: 'done', report: 'Nothing in our pages fits. Do not guess: say that you do not know, or look with other words.' };
    return { outcome: 'done', report: found.map(shown).join('\n\n') };
  }
}

function shown({ passageId, title, heading, sourceUrl, body }: FoundPassage): string {
  const place = [title, heading].filter((part) => part !== '').join(' › ');
  return `Passage ${passageId} of "${place}"${sourceUrl ? ` (${sourceUrl})` : ''}:\n${body}`;
}
