import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';
import { ModelClient } from '@throughline/llm/client.js';
import { estimateTokens } from '@throughline/llm/tokens.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { RECALL_BUDGET_TOKENS, type Summary } from './memory.types.js';
import { withoutAnybodys } from './opening.policy.js';
import { SUMMARISE_PROMPT } from './prompt.files.js';
import { oldestWithin, omittedBefore, recentWithin, shortened } from './recall.policy.js';
import { SummariesRepository } from './summaries.repository.js';
import { summaryPrompt } from './summary.prompt.js';
import { WithheldRepository } from './withheld.repository.js';
import { withoutForgotten } from './withholding.policy.js';

/** Folding down to half of the budget leaves room, so that not every message from here on asks for a summary. */
const KEPT_TOKENS = RECALL_BUDGET_TOKENS / 2;
/** What one question to the model may hold; a longer past is folded in several. */
const FOLD_TOKENS = 6_000;
const MOST_MESSAGES = 200;
/** Seqs count from 1: whatever is to be forgotten is left out of a summary, the open question too. */
const NOTHING_OPEN = 0;
/** Room for a reasoning model to think; the summary itself is cut to the characters that 200 words take at most. */
const LONGEST_ANSWER_TOKENS = 4_000;
const LONGEST_SUMMARY = 4_000;

/** Keeps the rolling summary: what no longer fits into a prompt, in few words. */
@Injectable()
export class SummaryService {
  private readonly summaries = new SummariesRepository();
  private readonly withheld = new WithheldRepository();

  constructor(
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly conversations: ConversationsService,
    private readonly tenancy: TenancyService,
    private readonly model: ModelClient,
  ) {}

  /** Folds old messages into the summary. Run twice, even at once, it moves the summary on once. */
  async summarise(tenantId: string, conversationSid: string): Promise<JobOutcome> {
    const [before, withheld] = await this.database.transaction(tenantId, (tx) => Promise.all([
      this.summaries.find(tx, conversationSid), this.withheld.of(tx, conversationSid),
    ]));
    const covered = before?.upToSeq ?? 0;
    const seen = (messages: Message[]): Message[] => withoutForgotten(messages, withheld, before?.forgottenUpTo ?? 0, NOTHING_OPEN).map(withoutAnybodys).map(shortened);
    const latest = seen(await this.conversations.latest(tenantId, conversationSid, { limit: MOST_MESSAGES }));
    const isMerged = (await this.conversations.find(tenantId, conversationSid))?.mergedInto != null;
    // No prompt shows the messages of a thread that goes on elsewhere: all of it is folded.
    const target = isMerged ? (latest.at(-1)?.seq ?? covered) : targetOf(latest, covered);
    if (target <= covered) return;
    const messages = await this.conversations.between(tenantId, conversationSid, {
      afterSeq: covered, upToSeq: target, limit: MOST_MESSAGES,
    });
    const folded = oldestWithin(seen(messages), FOLD_TOKENS, estimateTokens);
    const upToSeq = folded.at(-1)?.seq;
    if (upToSeq === undefined) return;
    const summary = await this.ask(tenantId, before, folded);
    const moved = await this.database.transaction(tenantId, (tx) =>
      this.summaries.moveOn(tx, conversationSid, before, { upToSeq, summary }, this.clock.now()));
    if (moved && upToSeq < target) return { again: this.clock.now() };
  }

  private async ask(tenantId: string, before: Summary | null, messages: Message[]): Promise<string> {
    const { settings } = await this.tenancy.tenant(tenantId);
    const task = settings.assistant.prompts.summarise ?? SUMMARISE_PROMPT;
    const answer = await this.model.complete({
      messages: summaryPrompt(task, before?.summary || null, messages),
      maxOutputTokens: LONGEST_ANSWER_TOKENS,
    });
    const summary = answer.text.replaceAll('\0', '').trim().slice(0, LONGEST_SUMMARY);
    if (summary) return summary;
    throw new HubError('unavailable', 'summary_empty', 'The model answered the request for a summary with nothing.');
  }
}

/** Up to which message to fold; no further than now while everything uncovered still fits into a prompt. */
function targetOf(latest: Message[], covered: number): number {
  const omitted = omittedBefore(recentWithin(latest, RECALL_BUDGET_TOKENS, estimateTokens));
  if (omitted === null || omitted - 1 <= covered) return covered;
  return (omittedBefore(recentWithin(latest, KEPT_TOKENS, estimateTokens)) ?? 1) - 1;
}
