import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { RETAIN_EVERY_MS } from '../conversations/conversations.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { PrivacyService } from './privacy.service.js';
import { PurgingService } from './purging.service.js';

const DAY_MS = 86_400_000;
/** In one run of the job, so that it ends well before anybody takes it for dead: some calls to Twilio for each message. */
const MESSAGES_PER_RUN = 200;
const BATCH = 25;
/** Each of them is a job of its own from then on. */
const CONTACTS_PER_RUN = 200;
const VISITORS_PER_RUN = 5_000;

/** Keeps a tenant's data of people as long as the tenant wants, and no longer. Everything may run twice and goes on where it stopped. */
@Injectable()
export class RetentionService implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly tenancy: TenancyService,
    private readonly privacy: PrivacyService,
    private readonly purging: PurgingService,
  ) {}

  /** Tenants from before there was this job have it from the next start on; others get it with their first conversation. */
  async onApplicationBootstrap(): Promise<void> {
    const dueAt = this.clock.in(RETAIN_EVERY_MS);
    for (const tenantId of await this.tenancy.tenantIds()) {
      await this.database.transaction(tenantId, (tx) => this.outbox.enqueue(tx, { name: 'privacy.retain', payload: {}, key: 'periodic', dueAt }));
    }
  }

  async retain(tenantId: string): Promise<JobOutcome> {
    const { retention } = (await this.tenancy.tenant(tenantId)).settings;
    const daysAgo = (days: number): Date => this.clock.in(-days * DAY_MS);
    if (retention.factsDays) await this.purging.facts(tenantId, daysAgo(retention.factsDays));
    const idle = retention.idleContactsDays ? await this.purging.idleContacts(tenantId, daysAgo(retention.idleContactsDays), CONTACTS_PER_RUN) : [];
    for (const contactId of idle) await this.privacy.erase(tenantId, contactId);
    const visitors = await this.purging.expiredVisitors(tenantId, VISITORS_PER_RUN);
    const isMore = retention.messagesDays ? await this.purgeMessages(tenantId, daysAgo(retention.messagesDays)) : false;
    return { again: isMore || visitors === VISITORS_PER_RUN ? this.clock.now() : this.clock.in(RETAIN_EVERY_MS) };
  }

  /** @returns whether there may be more */
  private async purgeMessages(tenantId: string, before: Date): Promise<boolean> {
    for (let purged = 0; purged < MESSAGES_PER_RUN;) {
      const count = await this.purging.messages(tenantId, before, BATCH);
      if (count === 0) return false;
      purged += count;
    }
    return true;
  }
}
