import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { reach } from '@throughline/kernel/points.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { twilioFailure } from '@throughline/twilio/errors.js';
import { ClaimService, type Claimed } from './claim.service.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DeliveryLog } from './delivery.log.js';
import type { Delivery, SendFailure } from './delivery.types.js';
import { FollowUpService } from './follow-up.service.js';
import { MAX_ATTEMPTS, retryWait } from './retry.policy.js';
import { SenderRegistry } from './sender.registry.js';

/** Sends what was said: claimed before, saved after, and looked up before it is ever sent again. */
@Injectable()
export class SendingService {
  private readonly log = new Logger('Delivery');
  private readonly deliveries = new DeliveriesRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly claims: ClaimService,
    private readonly deliveryLog: DeliveryLog,
    private readonly registry: SenderRegistry,
    private readonly followUp: FollowUpService,
  ) {}

  /** All parts of a message, in order. Answers when to come back, if something has to wait. */
  async send(tenantId: string, messageId: string): Promise<JobOutcome> {
    for (;;) {
      const claim = await this.claims.claim(tenantId, messageId);
      if (claim.outcome === 'nothing') return;
      if (claim.outcome === 'wait') return { again: claim.until };
      await reach('send.claimed');
      const again = await this.attempt(tenantId, claim);
      if (again) return { again };
    }
  }

  /** @returns when to try again, or null when this part is over, one way or the other */
  private async attempt(tenantId: string, claim: Claimed): Promise<Date | null> {
    let { delivery } = claim;
    try {
      const found = claim.lookFirst ? await this.lookUp(tenantId, delivery) : null;
      if (found) return await this.accepted(tenantId, delivery, 'found', found);
      delivery = { ...delivery, uncertain: false }; // the provider does not have the earlier attempt
      if (claim.optedOut) return await this.stayedBehind(tenantId, delivery);
      const { providerSid } = await this.registry.of(delivery.channel).send(delivery);
      await reach('send.accepted');
      return await this.accepted(tenantId, delivery, 'accepted', providerSid);
    } catch (error) {
      const failure = twilioFailure(error);
      return this.failed(tenantId, delivery, {
        class: failure.errorClass, code: failure.twilioCode ?? null, meaning: failure.message, retryAfterMs: failure.retryAfterMs,
      });
    }
  }

  private async lookUp(tenantId: string, delivery: Delivery): Promise<string | null> {
    const known = (sids: string[]): Promise<Set<string>> =>
      this.database.transaction(tenantId, (tx) => this.deliveries.knownSids(tx, sids, delivery.id));
    return (await this.registry.of(delivery.channel).find(delivery, known))?.providerSid ?? null;
  }

  /** It never went out, and meanwhile the person said stop. */
  private async stayedBehind(tenantId: string, delivery: Delivery): Promise<null> {
    const cause = `${delivery.address} has opted out of messages from ${delivery.sender}`;
    await this.database.transaction(tenantId, (tx) => this.deliveryLog.move(tx, delivery, 'opted_out', cause, { leaseUntil: null, uncertain: false }));
    return null;
  }

  private async accepted(tenantId: string, delivery: Delivery, event: 'accepted' | 'found', providerSid: string): Promise<null> {
    // Lost to a power cut, this is found again by the look-up that a run-out lease leads to.
    await this.database.note(tenantId, async (tx) => {
      const sentAt = this.clock.now();
      const change = { providerSid, sentAt, leaseUntil: null, retryAt: null, uncertain: false, errorCode: null, errorMeaning: null };
      const moved = await this.deliveryLog.move(tx, delivery, event, `${event} by the provider as ${providerSid}`, change);
      // Its receipt may have been faster than the answer to our own request; then the row is ahead of us already.
      if (moved) await this.followUp.awaitReceipt(tx, moved);
    });
    await reach('send.saved');
    return null;
  }

  private async failed(tenantId: string, delivery: Delivery, failure: SendFailure): Promise<Date | null> {
    return this.database.transaction(tenantId, async (tx) => {
      const { code: errorCode, meaning: errorMeaning } = failure;
      const noted = { errorCode, errorMeaning, leaseUntil: null };
      const mayRetry = failure.class === 'retry' || failure.class === 'ask';
      if (mayRetry && delivery.attempt < MAX_ATTEMPTS) return this.retryLater(tx, delivery, failure);
      if (failure.class === 'opt_out') await this.followUp.noteOptOut(tx, delivery, `twilio_${errorCode}`);
      const undecided = failure.class === 'ask' || delivery.uncertain;
      const event = failure.class === 'opt_out' ? 'opted_out' : undecided ? 'undecided' : 'refused';
      await this.deliveryLog.move(tx, delivery, event, errorMeaning, noted);
      this.log.error(`delivery ${delivery.id} ended as ${event} after ${delivery.attempt} attempts: ${errorMeaning}`);
      return null;
    });
  }

  private async retryLater(tx: Tx, delivery: Delivery, failure: SendFailure): Promise<Date> {
    const retryAt = this.clock.in(retryWait(delivery.attempt, failure));
    const unknown = failure.class === 'ask';
    await this.deliveryLog.move(tx, delivery, unknown ? 'outcome_unknown' : 'retry_later', failure.meaning, {
      retryAt, leaseUntil: null, errorCode: failure.code, errorMeaning: failure.meaning, uncertain: unknown || delivery.uncertain,
    });
    return retryAt;
  }
}
