import { Injectable } from '@nestjs/common';
import { HubError } from '@throughline/kernel/errors.js';
import { oneLine } from '@throughline/kernel/words.js';
import { storable } from '@throughline/llm/guardrails.js';
import { z } from 'zod';
import type { Message } from '../conversations/conversations.types.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { TriageService } from '../triage/triage.service.js';
import type { Tool, ToolContext, ToolResult } from './tools.types.js';

const emergencyArguments = z.object({
  urgency: z.int().min(1).max(5).describe('5: somebody may die or be badly hurt. 4: somebody has to see to it now. 3 and below: it can wait until the morning.'),
  reason: z.string().trim().min(1).max(300).describe('What has happened, for the staff, in one sentence.'),
});

const NOBODY = 'Nobody on call can be told. Tell them to call the local emergency number where life is in danger, and hand off to a colleague.';

/** Reaches the people on call, by call and text. */
@Injectable()
export class RaiseEmergencyTool implements Tool<typeof emergencyArguments> {
  readonly name = 'raise_emergency';
  readonly description = 'Reach the staff who are on call, now, by call and text. Use it when somebody is in danger or something cannot wait. You go on with the customer.';
  readonly arguments = emergencyArguments;
  readonly timeoutMs = 5_000;
  readonly hasEffect = true;

  constructor(private readonly triage: TriageService) {}

  /** Words that leave no doubt wait for no model. */
  readonly wishIn = async (tenant: Tenant, message: Message): Promise<z.infer<typeof emergencyArguments> | null> => {
    const heard = await this.triage.wordsIn(tenant, message);
    return heard && heard.urgency >= tenant.settings.escalation.threshold ? { urgency: heard.urgency, reason: `They say: ${heard.words}` } : null;
  };

  async run({ turn, tenant }: ToolContext, { urgency, reason }: z.infer<typeof emergencyArguments>): Promise<ToolResult> {
    const { threshold } = tenant.settings.escalation;
    try {
      const incident = await this.triage.raise(tenant, turn, urgency, oneLine(storable(reason)));
      if (!incident) return { outcome: 'refused', report: urgency < threshold ? `Nobody is woken below an urgency of ${threshold}. Take a message, or hand off.` : NOBODY };
      // Called off, or told to everybody in vain, before the model had thought of it.
      if (incident.state === 'cancelled' || incident.state === 'exhausted') return { outcome: 'refused', report: NOBODY };
      const { acknowledgedBy } = incident;
      const how = acknowledgedBy ? `${acknowledgedBy} knows of it already and will call them back.` : 'The people on call are being called and texted now.';
      return { outcome: 'done', report: `${how} Tell the customer so in one sentence, and to call the local emergency number where life is in danger. Promise no time.` };
    } catch (error) {
      if (!(error instanceof HubError && error.code === 'no_policy')) throw error;
      return { outcome: 'refused', report: NOBODY };
    }
  }
}
