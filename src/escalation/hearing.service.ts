import { Injectable, Logger } from '@nestjs/common';
import { HubError } from '@throughline/kernel/errors.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { ReportingService } from './reporting.service.js';
import { urgencyIn } from './urgency.policy.js';

/** Listens to what customers say, on every channel. */
@Injectable()
export class HearingService {
  private readonly logger = new Logger('Escalation');

  constructor(
    outbox: Outbox,
    private readonly tenancy: TenancyService,
    private readonly conversations: ConversationsService,
    private readonly reporting: ReportingService,
  ) {
    const listener: Parameters<typeof conversations.listen>[0] = (tx, { conversationSid, seq, body }) => {
      if (urgencyIn(body)) outbox.enqueue(tx, { name: 'escalation.heard', payload: { conversationSid, seq } });
    };
    conversations.listen(listener);
    conversations.aloud.listen(listener);
  }

  /** Somebody has said words that leave no doubt, on whatever channel, and whoever answers them. Running twice reports them once. */
  async heard(tenantId: string, conversationSid: string, seq: number): Promise<void> {
    const tenant = await this.tenancy.tenant(tenantId);
    const [message] = await this.conversations.thread(tenantId, conversationSid, { afterSeq: seq - 1, limit: 1 });
    const heard = message?.seq === seq ? urgencyIn(message.body) : null;
    if (!message || !heard || heard.urgency < tenant.settings.escalation.threshold) return;
    const report = { conversationSid, urgency: heard.urgency, reason: `They say: ${heard.words}`, source: message.channel, callback: null, policyId: null, isDrill: false };
    await this.reporting.report(tenant, report, `heard/${conversationSid}/${seq}`).catch((error: unknown) => {
      if (!(error instanceof HubError && error.code === 'no_policy')) throw error;
      this.logger.warn(`somebody reports an emergency in ${conversationSid}, and no policy says who is to be told`);
    });
  }
}
