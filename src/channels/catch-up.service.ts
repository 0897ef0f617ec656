import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Sender } from '../tenancy/tenancy.types.js';
import { catchUpSince, CATCH_UP_EVERY_MS } from './catch-up.policy.js';
import { TwilioInbox } from './twilio.inbox.js';

const SENDERS_PER_ROUND = 1_000;

/**
 * Twilio sends a messaging webhook once, or a few times when asked to. What came while we were away is fetched from
 * Twilio's own list of messages; the record takes each of them in once.
 */
@Injectable()
export class CatchUpService implements OnApplicationBootstrap {
  private readonly log = new Logger('CatchUp');
  private readonly scheduled = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly tenancy: TenancyService,
    private readonly conversations: ConversationsService,
    private readonly inbox: TwilioInbox,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const tenantId of await this.tenancy.tenantIds()) await this.schedule(tenantId);
  }

  /** Makes sure that the tenant's periodic round exists. */
  async schedule(tenantId: string): Promise<void> {
    if (this.scheduled.has(tenantId)) return;
    const dueAt = this.clock.in(CATCH_UP_EVERY_MS);
    await this.database.transaction(tenantId, (tx) =>
      this.outbox.enqueue(tx, { name: 'channels.catch_up', payload: {}, key: 'periodic', dueAt }));
    this.scheduled.add(tenantId);
  }

  async catchUp(tenantId: string): Promise<JobOutcome> {
    const senders = await this.tenancy.listSenders(tenantId, null, SENDERS_PER_ROUND);
    for (const sender of senders) await this.catchUpSender(tenantId, sender);
    return { again: this.clock.in(CATCH_UP_EVERY_MS) };
  }

  private async catchUpSender(tenantId: string, sender: Sender): Promise<void> {
    if (sender.channel === 'voice') return;
    const now = this.clock.now();
    const tenant = await this.tenancy.tenant(tenantId);
    const texts = await this.inbox.received(sender, catchUpSince(sender, now));
    for (const message of texts) {
      const { outcome } = await this.conversations.receive(tenant, message);
      if (outcome !== 'duplicate') this.log.warn(`${message.providerSid} had no webhook, or we missed it; it was fetched from Twilio`);
    }
    await this.tenancy.noteCaughtUp(tenantId, sender.id, now);
  }
}
