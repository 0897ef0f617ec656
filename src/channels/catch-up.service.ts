import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { describe, HubError } from '@throughline/kernel/errors.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Sender, Tenant } from '../tenancy/tenancy.types.js';
import { catchUpSince, caughtUpTo, CATCH_UP_EVERY_MS, isGivenUp } from './catch-up.policy.js';
import { type ListedText, receivedAt, TwilioInbox } from './twilio.inbox.js';

const SENDERS_PER_ROUND = 1_000;
/** Channels whose texts stand in Twilio's list. */
const TWILIO_TEXTS: ReadonlySet<string> = new Set(['sms', 'whatsapp', 'rcs']);
/** So many senders in a row for which Twilio is away: the others will fare no better, and each try takes its time. */
const MOST_AWAY = 3;

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

  /** One sender's trouble is not another's. The round is repeated soon where there was any. */
  async catchUp(tenantId: string): Promise<JobOutcome> {
    let away = 0;
    let trouble: unknown;
    for (const sender of await this.tenancy.listSenders(tenantId, null, SENDERS_PER_ROUND)) {
      try {
        await this.catchUpSender(tenantId, sender);
        away = 0;
      } catch (error) {
        this.log.warn(`Texts to ${sender.address} (${sender.channel}) could not be fetched: ${describe(error)}`);
        trouble = error;
        if (isAway(error) && ++away >= MOST_AWAY) break;
      }
    }
    if (trouble) throw trouble;
    return { again: this.clock.in(CATCH_UP_EVERY_MS) };
  }

  private async catchUpSender(tenantId: string, sender: Sender): Promise<void> {
    if (!TWILIO_TEXTS.has(sender.channel)) return;
    const now = this.clock.now();
    const tenant = await this.tenancy.tenant(tenantId);
    const listed = await this.inbox.listed({ to: sender, since: catchUpSince(sender, now) });
    const known = await this.conversations.providerSidsKnown(tenantId, listed.map((text) => text.sid));
    const failed: Date[] = [];
    for (const text of listed.filter(({ sid }) => !known.has(sid))) {
      await this.takeIn(tenant, text).catch((error: unknown) => {
        failed.push(receivedAt(text));
        const next = isGivenUp(receivedAt(text), now) ? 'It is given up, and stays in Twilio\'s log only' : 'The next round tries again';
        this.log.error(`${text.sid} could not be taken in. ${next}: ${describe(error)}`);
      });
    }
    await this.tenancy.noteCaughtUp(tenantId, sender.id, caughtUpTo(failed, now));
  }

  private async takeIn(tenant: Tenant, text: ListedText): Promise<void> {
    const { outcome } = await this.conversations.receive(tenant, await this.inbox.read(text));
    if (outcome !== 'duplicate') this.log.warn(`${text.sid} had no webhook, or we missed it; it was fetched from Twilio`);
  }
}

/** Whether it is Twilio, or the way to it, that is in trouble. */
const isAway = (error: unknown): boolean => error instanceof HubError && error.retryable;
