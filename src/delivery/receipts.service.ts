import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { isUuid } from '@throughline/kernel/ids.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { meaningOf } from '@throughline/twilio/errors.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { DeliveriesRepository, type DeliveryChange } from './deliveries.repository.js';
import { DeliveryLog } from './delivery.log.js';
import { deliveryMachine, receiptEvent } from './delivery.machine.js';
import type { Delivery, Receipt } from './delivery.types.js';
import { nextReceiptCheck } from './retry.policy.js';
import { SenderRegistry } from './sender.registry.js';

/** What became of a message, as the provider tells it: in any order, twice, late, or only when asked. */
@Injectable()
export class ReceiptsService {
  private readonly deliveries = new DeliveriesRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly contacts: ContactsService,
    private readonly deliveryLog: DeliveryLog,
    private readonly registry: SenderRegistry,
  ) {}

  /**
   * @param deliveryId from the callback's address, so that a receipt finds its delivery even when the answer to our
   *   own request was lost
   * @returns whether it was ours
   */
  async record(tenantId: string, deliveryId: string, receipt: Receipt): Promise<boolean> {
    if (!isUuid(tenantId) || !isUuid(deliveryId)) return false;
    // A receipt lost to a power cut is asked for when it is overdue.
    return this.database.note(tenantId, async (tx) => {
      const delivery = await this.deliveries.lock(tx, deliveryId);
      if (!delivery || (delivery.providerSid && delivery.providerSid !== receipt.providerSid)) return false;
      await this.apply(tx, delivery, receipt);
      return true;
    });
  }

  private async apply(tx: Tx, delivery: Delivery, receipt: Receipt): Promise<void> {
    const { providerSid, status, errorCode } = receipt;
    // "queued" proves that the provider has it, which is news only while we do not know.
    const event = receiptEvent(status) ?? (delivery.providerSid ? null : 'receipt_sent');
    if (!event) return;
    const failed = status === 'failed' || status === 'undelivered';
    const meaning = failed ? meaningOf(errorCode ?? undefined).meaning : null;
    const change: DeliveryChange = {
      providerSid, sentAt: delivery.sentAt ?? this.clock.now(), leaseUntil: null, retryAt: null, uncertain: false,
      errorCode: failed ? errorCode : null, errorMeaning: meaning,
    };
    const moved = await this.deliveryLog.move(tx, delivery, event, meaning ? `${status}: ${meaning} (${errorCode})` : status, change);
    if (!moved) return;
    if (deliveryMachine.isFinal(moved.state)) await this.outbox.cancel(tx, 'delivery.check', delivery.id);
    if (failed && meaningOf(errorCode ?? undefined).class === 'opt_out') {
      await this.contacts.noteOptOut(tx, delivery.channel, delivery.address, delivery.sender, `twilio_${errorCode}`);
    }
    if (delivery.providerSid) return;
    await this.expect(tx, moved);
    // The answer to our own request was lost: the parts behind this one were waiting for it.
    if (delivery.part < delivery.parts) await this.outbox.enqueue(tx, { name: 'delivery.send', payload: { messageId: delivery.messageId } });
  }

  /** Sets the alarm after which the provider is asked. */
  async expect(tx: Tx, delivery: Delivery): Promise<void> {
    const dueAt = delivery.sentAt && nextReceiptCheck(delivery.sentAt, this.clock.now());
    if (dueAt && delivery.state === 'sent') {
      await this.outbox.enqueue(tx, { name: 'delivery.check', payload: { deliveryId: delivery.id }, key: delivery.id, dueAt });
    }
  }

  /** The receipt is overdue: ask, and ask again later as long as it makes sense. */
  async check(tenantId: string, deliveryId: string): Promise<JobOutcome> {
    const delivery = await this.database.transaction(tenantId, (tx) => this.deliveries.find(tx, deliveryId));
    if (delivery?.state !== 'sent' || !delivery.providerSid || !delivery.sentAt) return;
    const receipt = await this.registry.of(delivery.channel).ask(delivery.providerSid);
    if (receipt) await this.record(tenantId, deliveryId, receipt);
    const settled = receipt && receipt.status !== 'queued' && receipt.status !== 'sent';
    const again = settled ? null : nextReceiptCheck(delivery.sentAt, this.clock.now());
    return again ? { again } : undefined;
  }
}
