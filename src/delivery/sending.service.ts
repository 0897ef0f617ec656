import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { reach } from '@throughline/kernel/points.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { twilioFailure } from '@throughline/twilio/errors.js';
import type { RuledOut, Way } from '../routes/routes.types.js';
import { ClaimService, type Claimed } from './claim.service.js';
import { DeliveryLog } from './delivery.log.js';
import type { Delivery, Look, SendFailure } from './delivery.types.js';
import { ProviderService } from './provider.service.js';
import { ReceiptsService } from './receipts.service.js';
import { mayStillLeave, nextAttempt } from './retry.policy.js';

interface Failed {
  how: 'failed';
  delivery: Delivery;
  failure: SendFailure;
  startedAt: Date;
  way: Way;
}

/** How one attempt ended, before it is written down. */
type Ended = { how: 'accepted' | 'found'; providerSid: string } | { how: 'withheld' } | { how: 'late' } | Failed;

const ABSENT: Look = { outcome: 'absent' };
const UNCLEAR: SendFailure = {
  class: 'ask', code: null, unclear: true, meaning: 'The provider has a message to this address that may be this one, so it is not sent again',
};

/** Sends what was said: claimed before, saved after, and looked up before it is ever sent again. */
@Injectable()
export class SendingService {
  private readonly log = new Logger('Delivery');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly claims: ClaimService,
    private readonly deliveryLog: DeliveryLog,
    private readonly receipts: ReceiptsService,
    private readonly provider: ProviderService,
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
      if (claim.delivery.part === claim.delivery.parts) return;
    }
  }

  /** @returns when to try again, or null when this part is over, one way or the other */
  private async attempt(tenantId: string, claim: Claimed): Promise<Date | null> {
    const ended = await this.provider.holding(claim.delivery, () => this.tried(claim));
    if (ended.how === 'accepted') await reach('send.accepted');
    // Outside of every catch: trouble with our own database says nothing about the provider. The lease runs out, and it is asked.
    if (ended.how === 'withheld') return this.stayedBehind(tenantId, claim);
    if (ended.how === 'late') return this.decideAnew(tenantId, claim);
    if (ended.how === 'failed') return this.failed(tenantId, ended);
    return this.accepted(tenantId, claim.delivery, ended.how, ended.providerSid);
  }

  private async tried({ delivery, way, lookFirst, withheld, until }: Claimed): Promise<Ended> {
    const attempt = { delivery, way, startedAt: this.clock.now() };
    try {
      const look = lookFirst ? await this.provider.look(delivery) : ABSENT;
      if (look.outcome === 'found') return { how: 'found', providerSid: look.providerSid };
      if (look.outcome === 'unclear') return { how: 'failed', ...attempt, failure: UNCLEAR };
      attempt.delivery = { ...delivery, uncertain: false }; // the provider does not have the earlier attempt
      if (withheld) return { how: 'withheld' };
      if (!mayStillLeave(until, this.clock.now())) return { how: 'late' };
      const { providerSid } = await this.provider.send(delivery);
      return { how: 'accepted', providerSid };
    } catch (error) {
      const failure = twilioFailure(error);
      return {
        how: 'failed', ...attempt,
        failure: { class: failure.errorClass, code: failure.twilioCode ?? null, meaning: failure.message, retryAfterMs: failure.retryAfterMs },
      };
    }
  }

  /** It never went out, and meanwhile the person said stop, or people have the word. */
  private async stayedBehind(tenantId: string, { delivery, withheld }: Claimed): Promise<null> {
    const { event, cause } = withheld!;
    await this.database.transaction(tenantId, (tx) =>
      this.deliveryLog.move(tx, delivery, event, cause, { leaseUntil: null, uncertain: false, errorCode: null, errorMeaning: cause }));
    return null;
  }

  /** The provider does not have it, and by now it has to go another way: nothing is sent under this claim. */
  private decideAnew(tenantId: string, { delivery }: Claimed): Promise<Date> {
    const retryAt = this.clock.now();
    return this.database.transaction(tenantId, async (tx) => {
      await this.deliveryLog.move(tx, delivery, 'retry_later', 'the way that it was to go is closed by now', { retryAt, leaseUntil: null, uncertain: false });
      return retryAt;
    });
  }

  private async accepted(tenantId: string, delivery: Delivery, event: 'accepted' | 'found', providerSid: string): Promise<null> {
    // Lost to a power cut, this is found again by the look-up that a run-out lease leads to.
    await this.database.note(tenantId, async (tx) => {
      const sentAt = this.clock.now();
      const change = { providerSid, sentAt, leaseUntil: null, retryAt: null, uncertain: false, errorCode: null, errorMeaning: null };
      const moved = await this.deliveryLog.move(tx, delivery, event, `${event} by the provider as ${providerSid}`, change);
      // Its receipt may have been faster than the answer to our own request; then the row is ahead of us already.
      if (moved) await this.receipts.expect(tx, moved);
    });
    await reach('send.saved');
    return null;
  }

  private async failed(tenantId: string, { delivery, failure, startedAt, way }: Failed): Promise<Date | null> {
    const { code: errorCode, meaning: errorMeaning } = failure;
    const { falls } = this.receipts;
    const known = await falls.wayOf(tenantId, way.message.id, failure.class);
    if (failure.class === 'config') this.log.error(`delivery ${delivery.id}: somebody has to act: ${errorMeaning}`);
    return this.database.transaction(tenantId, async (tx) => {
      if (failure.class === 'opt_out') falls.noteOptOut(tx, delivery, errorCode, startedAt);
      const ruledOut = await falls.ruledOut(tx, delivery, failure.class, known);
      const retryAt = ruledOut ? this.clock.now() : nextAttempt(delivery, failure, this.clock.now());
      if (retryAt) return this.retryLater(tx, delivery, failure, { retryAt, ruledOut: ruledOut ?? delivery.ruledOut });
      const undecided = failure.class === 'ask' || delivery.uncertain;
      const event = failure.class === 'opt_out' ? 'opted_out' : undecided ? 'undecided' : 'refused';
      const moved = await this.deliveryLog.move(tx, delivery, event, errorMeaning, { errorCode, errorMeaning, leaseUntil: null });
      if (moved) await this.receipts.expect(tx, moved);
      this.log.error(`delivery ${delivery.id} ended as ${event} after ${delivery.attempt} attempts: ${errorMeaning}`);
      return null;
    });
  }

  private async retryLater(
    tx: Tx, delivery: Delivery, failure: SendFailure, { retryAt, ruledOut }: { retryAt: Date; ruledOut: RuledOut[] },
  ): Promise<Date> {
    const unknown = failure.class === 'ask';
    await this.deliveryLog.move(tx, delivery, unknown ? 'outcome_unknown' : 'retry_later', failure.meaning, {
      retryAt, ruledOut, leaseUntil: null, errorCode: failure.code, errorMeaning: failure.meaning, uncertain: unknown || delivery.uncertain,
    });
    return retryAt;
  }
}
