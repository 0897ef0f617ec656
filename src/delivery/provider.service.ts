import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { describe } from '@throughline/kernel/errors.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { wholeBody } from './buttons.policy.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DeliveryLog } from './delivery.log.js';
import type { Delivery, Look } from './delivery.types.js';
import { ReceiptsService } from './receipts.service.js';
import { LEASE_MS, nextLook, nextReceiptCheck } from './retry.policy.js';
import { SenderRegistry } from './sender.registry.js';

const NEVER_GOT = 'The provider never got it';

/** What we ask of a provider: to send, whether it has a message, what became of it. */
@Injectable()
export class ProviderService {
  private readonly log = new Logger('Delivery');
  private readonly deliveries = new DeliveriesRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly deliveryLog: DeliveryLog,
    private readonly registry: SenderRegistry,
    private readonly receipts: ReceiptsService,
  ) {}

  /** @throws TwilioFailure, whose class says whether anything can have been sent */
  send(delivery: Delivery): Promise<{ providerSid: string }> {
    return this.registry.of(delivery.channel).send({ ...delivery, body: wholeBody(delivery) });
  }

  /** While this goes on the delivery stays ours: servers of mail may take minutes. */
  async holding<T>(delivery: Delivery, work: () => Promise<T>): Promise<T> {
    const timer = setInterval(() => {
      this.database.note(delivery.tenantId, async (tx) => this.deliveries.renew(tx, delivery, this.clock.in(LEASE_MS)))
        .catch((error: unknown) => this.log.warn(`delivery ${delivery.id} is not held any longer: ${describe(error)}`));
    }, LEASE_MS / 3);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  /** Whether an attempt whose answer was lost reached the provider. */
  look(delivery: Delivery): Promise<Look> {
    const known = (sids: string[]): Promise<Set<string>> =>
      this.database.transaction(delivery.tenantId, (tx) => this.deliveries.knownSids(tx, sids, delivery));
    return this.registry.of(delivery.channel).find({ ...delivery, body: wholeBody(delivery) }, known);
  }

  /** The alarm of a delivery that is not at its end: its receipt is overdue, or nobody knows whether it went out. */
  async check(tenantId: string, deliveryId: string): Promise<JobOutcome> {
    const delivery = await this.database.transaction(tenantId, (tx) => this.deliveries.find(tx, deliveryId));
    if (delivery?.address === '') return; // its contact was erased
    if (delivery?.state === 'unknown') return this.lookAgain(delivery);
    if (delivery?.state !== 'sent' || !delivery.providerSid || !delivery.sentAt) return;
    const receipt = await this.registry.of(delivery.channel).ask(delivery.providerSid);
    if (receipt) await this.receipts.record(tenantId, deliveryId, receipt);
    const settled = receipt && receipt.status !== 'queued' && receipt.status !== 'sent';
    const again = settled ? null : nextReceiptCheck(delivery.sentAt, this.clock.now());
    return again ? { again } : undefined;
  }

  /** Too late to send it; but whether the customer has it is still worth knowing. */
  private async lookAgain(delivery: Delivery): Promise<JobOutcome> {
    const look = await this.look(delivery).catch((error: unknown): Look => {
      this.log.warn(`delivery ${delivery.id} is still unknown: ${describe(error)}`);
      return { outcome: 'unclear' };
    });
    if (look.outcome === 'unclear') {
      const again = nextLook(delivery.claimedAt ?? delivery.createdAt, this.clock.now());
      return again ? { again } : undefined;
    }
    const settled = { leaseUntil: null, retryAt: null, uncertain: false };
    const sentAt = this.clock.now();
    await this.database.transaction(delivery.tenantId, (tx) => (look.outcome === 'found'
      ? this.deliveryLog.move(tx, delivery, 'found', `found by the provider as ${look.providerSid}`, {
          ...settled, providerSid: look.providerSid, sentAt, errorCode: null, errorMeaning: null,
        })
      : this.deliveryLog.move(tx, delivery, 'refused', NEVER_GOT, { ...settled, errorMeaning: NEVER_GOT })));
    const again = look.outcome === 'found' ? nextReceiptCheck(sentAt, sentAt) : null;
    return again ? { again } : undefined;
  }
}
