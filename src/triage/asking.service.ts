import { Injectable } from '@nestjs/common';
import { HubError } from '@throughline/kernel/errors.js';
import { ModelClient } from '@throughline/llm/client.js';
import { estimateTokens } from '@throughline/llm/tokens.js';
import { AppConfig } from '../app.config.js';
import type { Message } from '../conversations/conversations.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { kindOf } from './judging.policy.js';
import { JUDGE, judgementIn, triagePrompt, versionOf } from './judging.prompt.js';
import { GROUND_RULES, TRIAGE_PROMPT } from './prompt.files.js';
import type { NewVerdict } from './triage.types.js';

const HOUR = 3_600_000;
/** A source that reports the same again and again leaves some of the allowance to the others. */
const OF_ONE_ADDRESS = 30;
/** The answer is short; a reasoning model thinks first. */
const LONGEST_ANSWER_TOKENS = 2_000;
const DEADLINE_MS = 25_000;

export type Asked = Pick<NewVerdict, 'urgency' | 'reasons' | 'model' | 'promptVersion' | 'latencyMs' | 'inputTokens' | 'outputTokens'>;

/** Asks the model how urgent something is. */
@Injectable()
export class AskingService {
  constructor(
    private readonly model: ModelClient,
    private readonly tenancy: TenancyService,
    private readonly config: AppConfig,
  ) {}

  /**
   * @param before what was said before them
   * @throws HubError `too_many` where the tenant's allowance is used up; whatever the model fails with; `unavailable` for an answer that is none
   */
  async judge(tenant: Tenant, before: readonly Message[], messages: readonly Message[]): Promise<Asked> {
    const { settings, name } = tenant;
    const task = (settings.assistant.prompts.triage ?? TRIAGE_PROMPT)
      .replaceAll('{{businessName}}', settings.businessName ?? name).replaceAll('{{threshold}}', String(settings.escalation.threshold));
    const prompt = triagePrompt(task, GROUND_RULES, before, messages);
    await this.tenancy.windows.take(tenant.id, ...allowancesOf(tenant, messages[0]!, prompt.reduce((sum, { content }) => sum + estimateTokens(content), LONGEST_REPLY_TOKENS)));
    const since = performance.now();
    const answer = await this.model.complete({ messages: prompt, tools: [JUDGE], maxOutputTokens: LONGEST_ANSWER_TOKENS, deadlineMs: DEADLINE_MS });
    const judgement = judgementIn(answer);
    if (!judgement) throw new HubError('unavailable', 'judgement_unusable', 'The model did not say how urgent it is.');
    return {
      ...judgement, model: this.config.model.name, promptVersion: versionOf(prompt[0]!.content), latencyMs: Math.round(performance.now() - since),
      inputTokens: answer.usage?.inputTokens ?? null, outputTokens: answer.usage?.outputTokens ?? null,
    };
  }
}

/** What an answer takes, as a rule. */
const LONGEST_REPLY_TOKENS = 100;

function allowancesOf({ settings: { triage } }: Tenant, first: Message, tokens: number): { what: string; most: number; perMs: number; amount?: number }[] {
  const kind = kindOf(first);
  return [
    { what: `triage/${kind}`, most: triage.requestsPerHour, perMs: HOUR }, { what: `triage/tokens/${kind}`, most: triage.tokensPerHour, perMs: HOUR, amount: tokens },
    // Whoever hides their number is known by their conversation.
    { what: `triage/${kind}/${first.address ?? first.conversationSid}`, most: OF_ONE_ADDRESS, perMs: HOUR },
  ];
}
