import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { isUuid } from '@throughline/kernel/ids.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { meaningOf } from '@throughline/twilio/errors.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { DeliveriesRepository, type DeliveryChange } from './deliveries.repository.js';
import { DeliveryLog } from './delivery.log.js';
import { deliveryMachine, receiptEvent } from './delivery.machine.js';
import type { Delivery, Receipt, ReceiptStatus } from './delivery.types.js';
import { nextLook, nextReceiptCheck, nextResend, WORTH_SENDING_MS } from './retry.policy.js';
import { ruledOutBy } from './route.policy.js';

const FAILED: ReadonlySet<ReceiptStatus> = new Set(['failed', 'undelivered']);
const ARRIVED: ReadonlySet<ReceiptStatus> = new Set(['delivered', 'read']);

/** When it is sent anew, and what has turned out not to carry it. */
type Resend = Pick<Delivery, 'ruledOut'> & { retryAt: Date };

const sentAtOf = ({ sentAt, claimedAt, createdAt }: Delivery): Date => sentAt ?? claimedAt ?? createdAt;

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
      if (!delivery) return false;
      if (delivery.retiredSids.includes(receipt.providerSid)) {
        // It arrived after all, which is news until the message is sent anew.
        if (ARRIVED.has(receipt.status) && delivery.state === 'retry_wait') await this.apply(tx, delivery, receipt);
        return true;
      }
      if (delivery.providerSid && delivery.providerSid !== receipt.providerSid) return false;
      const again = this.anotherWay(delivery, receipt) ?? this.resendAt(delivery, receipt);
      await (again ? this.sendAnew(tx, delivery, receipt, again) : this.apply(tx, delivery, receipt));
      return true;
    });
  }

  /** WhatsApp judges a template, and free text, after Twilio has taken it. What it refuses may go another way, at once. */
  private anotherWay(delivery: Delivery, { status, errorCode }: Receipt): Resend | null {
    const now = this.clock.now();
    const ruledOut = FAILED.has(status) ? ruledOutBy(delivery, meaningOf(errorCode ?? undefined).class) : null;
    const inTime = now.getTime() - delivery.createdAt.getTime() <= WORTH_SENDING_MS;
    return ruledOut && inTime && deliveryMachine.next(delivery.state, 'receipt_retry') ? { retryAt: now, ruledOut: [...delivery.ruledOut, ruledOut] } : null;
  }

  /** Failures that say "later" reach us only as receipts, because Twilio accepts first and asks the carrier then. */
  private resendAt(delivery: Delivery, { status, errorCode }: Receipt): Resend | null {
    const mayPass = FAILED.has(status) && meaningOf(errorCode ?? undefined).class === 'retry';
    const retryAt = mayPass && deliveryMachine.next(delivery.state, 'receipt_retry') ? nextResend(delivery, this.clock.now()) : null;
    return retryAt && { retryAt, ruledOut: delivery.ruledOut };
  }

  private async sendAnew(tx: Tx, delivery: Delivery, { providerSid, status, errorCode }: Receipt, { retryAt, ruledOut }: Resend): Promise<void> {
    const { class: kind, meaning } = meaningOf(errorCode ?? undefined);
    if (kind === 'opt_out') await this.noteOptOut(tx, delivery, errorCode, sentAtOf(delivery));
    const moved = await this.deliveryLog.move(tx, delivery, 'receipt_retry', `${status}: ${meaning} (${errorCode}); sent anew later`, {
      providerSid: null, retiredSids: [...delivery.retiredSids, providerSid], sentAt: null, leaseUntil: null, retryAt, uncertain: false,
      ruledOut, errorCode, errorMeaning: meaning,
    });
    if (!moved) return;
    this.outbox.cancel(tx, 'delivery.check', delivery.id);
    this.outbox.enqueue(tx, { name: 'delivery.send', payload: { messageId: delivery.messageId }, dueAt: retryAt });
  }

  private async apply(tx: Tx, delivery: Delivery, receipt: Receipt): Promise<void> {
    const { providerSid, status, errorCode } = receipt;
    // "queued" proves that the provider has it, which is news only while we do not know.
    const event = receiptEvent(status) ?? (delivery.providerSid ? null : 'receipt_sent');
    if (!event) return;
    const failed = FAILED.has(status);
    const meaning = failed ? meaningOf(errorCode ?? undefined).meaning : null;
    const change: DeliveryChange = {
      providerSid, sentAt: delivery.sentAt ?? this.clock.now(), leaseUntil: null, retryAt: null, uncertain: false,
      errorCode: failed ? errorCode : null, errorMeaning: meaning,
    };
    const moved = await this.deliveryLog.move(tx, delivery, event, meaning ? `${status}: ${meaning} (${errorCode})` : status, change);
    if (!moved) return;
    if (deliveryMachine.isFinal(moved.state)) this.outbox.cancel(tx, 'delivery.check', delivery.id);
    if (failed && meaningOf(errorCode ?? undefined).class === 'opt_out') {
      this.noteOptOut(tx, delivery, errorCode, sentAtOf(delivery));
    }
    if (delivery.providerSid) return;
    await this.expect(tx, moved);
    // The answer to our own request was lost: the parts behind this one were waiting for it.
    if (delivery.part < delivery.parts) this.outbox.enqueue(tx, { name: 'delivery.send', payload: { messageId: delivery.messageId } });
  }

  /** @param at when it was sent: what the person said after that is newer */
  noteOptOut(tx: Tx, delivery: Delivery, errorCode: number | null, at: Date): void {
    this.contacts.noteOptOut(tx, delivery, `twilio_${errorCode}`, at);
  }

  /** Sets the alarm after which the provider is asked. */
  async expect(tx: Tx, delivery: Delivery): Promise<void> {
    const dueAt = this.alarmOf(delivery);
    if (dueAt) this.outbox.enqueue(tx, { name: 'delivery.check', payload: { deliveryId: delivery.id }, key: delivery.id, dueAt });
  }

  private alarmOf({ state, sentAt, claimedAt, createdAt }: Delivery): Date | null {
    if (state === 'unknown') return nextLook(claimedAt ?? createdAt, this.clock.now());
    return state === 'sent' && sentAt ? nextReceiptCheck(sentAt, this.clock.now()) : null;
  }
}
