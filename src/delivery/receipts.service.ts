import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { isUuid } from '@throughline/kernel/ids.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { type ErrorClass, meaningOf } from '@throughline/twilio/errors.js';
import type { RuledOut, Way } from '../routes/routes.types.js';
import { DeliveriesRepository, type DeliveryChange } from './deliveries.repository.js';
import { DeliveryLog, settledBy } from './delivery.log.js';
import { deliveryMachine, receiptEvent } from './delivery.machine.js';
import type { Delivery, Receipt, ReceiptStatus, Retired } from './delivery.types.js';
import { FallsService } from './falls.service.js';
import { nextLook, nextReceiptCheck, nextResend } from './retry.policy.js';

const FAILED: ReadonlySet<ReceiptStatus> = new Set(['failed', 'undelivered']);
const ARRIVED: ReadonlySet<ReceiptStatus> = new Set(['delivered', 'read']);

/** When it is sent anew, and what has turned out not to carry it. */
interface Resend {
  retryAt: Date;
  ruledOut: RuledOut[];
}

const sentAtOf = ({ sentAt, claimedAt, createdAt }: Delivery): Date => sentAt ?? claimedAt ?? createdAt;

const classOf = (receipt: Receipt): ErrorClass => receipt.class ?? meaningOf(receipt.errorCode ?? undefined).class;

const wordsOf = ({ errorCode, meaning }: Receipt): string => meaning ?? meaningOf(errorCode ?? undefined).meaning;

const numbered = (words: string, errorCode: number | null): string => `${words}${errorCode === null ? '' : ` (${errorCode})`}`;

/** What became of a message, as the provider tells it: in any order, twice, late, or only when asked. */
@Injectable()
export class ReceiptsService {
  private readonly deliveries = new DeliveriesRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly deliveryLog: DeliveryLog,
    /** What follows from a failure. */
    readonly falls: FallsService,
  ) {}

  /**
   * @param deliveryId from the callback's address, so that a receipt finds its delivery even when the answer to our
   *   own request was lost
   * @returns whether it was ours
   */
  async record(tenantId: string, deliveryId: string, receipt: Receipt): Promise<boolean> {
    if (!isUuid(tenantId) || !isUuid(deliveryId)) return false;
    const way = FAILED.has(receipt.status) ? await this.wayOf(tenantId, deliveryId, receipt) : null;
    // A receipt lost to a power cut is asked for when it is overdue.
    return this.database.note(tenantId, async (tx) => {
      const delivery = await this.deliveries.lock(tx, deliveryId);
      if (!delivery) return false;
      if (delivery.retiredSids.includes(receipt.providerSid)) {
        if (ARRIVED.has(receipt.status)) await this.arrivedAfterAll(tx, delivery, receipt);
        return true;
      }
      if (delivery.providerSid && delivery.providerSid !== receipt.providerSid) return false;
      this.noteOptOut(tx, delivery, receipt);
      const again = (await this.anotherWay(tx, delivery, receipt, way)) ?? this.resendAt(delivery, receipt);
      await (again ? this.sendAnew(tx, delivery, receipt, again) : this.apply(tx, delivery, receipt));
      return true;
    });
  }

  private async wayOf(tenantId: string, deliveryId: string, receipt: Receipt): Promise<Way | null> {
    const delivery = await this.database.transaction(tenantId, (tx) => this.deliveries.find(tx, deliveryId));
    return delivery && this.falls.wayOf(tenantId, delivery.messageId, classOf(receipt));
  }

  /** Where it is news: the same receipt twice, or one that comes too late, says nothing of the person. */
  private noteOptOut(tx: Tx, delivery: Delivery, receipt: Receipt): void {
    const event = receiptEvent(receipt.status);
    if (!FAILED.has(receipt.status) || classOf(receipt) !== 'opt_out' || !event || !deliveryMachine.next(delivery.state, event)) return;
    this.falls.noteOptOut(tx, this.falls.asCarried(delivery, receipt.carriedBy), receipt.errorCode, sentAtOf(delivery));
  }

  /** Twilio takes a message first and asks the channel then. What that refuses may go another way, at once. */
  private async anotherWay(tx: Tx, delivery: Delivery, receipt: Receipt, way: Way | null): Promise<Resend | null> {
    if (!FAILED.has(receipt.status) || !deliveryMachine.next(delivery.state, 'receipt_retry')) return null;
    const ruledOut = await this.falls.ruledOut(tx, this.falls.asCarried(delivery, receipt.carriedBy), classOf(receipt), way);
    return ruledOut && { retryAt: this.clock.now(), ruledOut };
  }

  /** Failures that say "later" reach us only as receipts, too. */
  private resendAt(delivery: Delivery, receipt: Receipt): Resend | null {
    const mayPass = FAILED.has(receipt.status) && classOf(receipt) === 'retry';
    const retryAt = mayPass && deliveryMachine.next(delivery.state, 'receipt_retry') ? nextResend(delivery, this.clock.now()) : null;
    return retryAt && { retryAt, ruledOut: this.falls.asCarried(delivery, receipt.carriedBy).ruledOut };
  }

  private async sendAnew(tx: Tx, delivery: Delivery, receipt: Receipt, { retryAt, ruledOut }: Resend): Promise<void> {
    const { providerSid, status, errorCode } = receipt;
    const meaning = wordsOf(receipt);
    const { channel, sender, address, contentSid, detour } = this.falls.asCarried(delivery, receipt.carriedBy);
    const retired: Retired = { providerSid, channel, sender, address, contentSid, detour, arrived: false };
    const moved = await this.deliveryLog.move(tx, delivery, 'receipt_retry', `${numbered(`${status}: ${meaning}`, errorCode)}; sent anew later`, {
      providerSid: null, retiredSids: [...delivery.retiredSids, providerSid], retired: [...delivery.retired, retired], sentAt: null, leaseUntil: null,
      retryAt, uncertain: false, ruledOut, errorCode, errorMeaning: meaning,
    });
    if (!moved) return;
    this.outbox.cancel(tx, 'delivery.check', delivery.id);
    this.outbox.enqueue(tx, { name: 'delivery.send', payload: { messageId: delivery.messageId }, dueAt: retryAt });
  }

  /**
   * An attempt that was given up as failed has arrived. Nothing more is sent while nothing has been; what has gone out by another way
   * meanwhile cannot be called back, and the history says that it came twice.
   */
  private async arrivedAfterAll(tx: Tx, delivery: Delivery, { providerSid, status }: Receipt): Promise<void> {
    const past = delivery.retired.find((each) => each.providerSid === providerSid);
    if (past?.arrived) return;
    const cause = `${status} after all: the attempt ${providerSid}, which had been given back`;
    const underWay = delivery.state === 'sending' || (delivery.state === 'retry_wait' && delivery.uncertain) || delivery.state === 'sent' || ARRIVED.has(delivery.state as ReceiptStatus);
    if (underWay) return past && this.deliveryLog.arrived(tx, delivery, past, cause);
    await this.deliveryLog.move(tx, delivery, receiptEvent(status)!, cause, settledBy(past ?? { ...delivery, providerSid }));
  }

  private async apply(tx: Tx, delivery: Delivery, receipt: Receipt): Promise<void> {
    const { providerSid, status, errorCode } = receipt;
    // "queued" proves that the provider has it, which is news only while we do not know.
    const event = receiptEvent(status) ?? (delivery.providerSid ? null : 'receipt_sent');
    if (!event) return;
    const failed = FAILED.has(status);
    const meaning = failed ? wordsOf(receipt) : null;
    const { channel, sender, detour, ruledOut } = this.falls.asCarried(delivery, receipt.carriedBy);
    const change: DeliveryChange = {
      providerSid, sentAt: delivery.sentAt ?? this.clock.now(), leaseUntil: null, retryAt: null, uncertain: false,
      errorCode: failed ? errorCode : null, errorMeaning: meaning, channel, sender, detour, ruledOut,
    };
    const moved = await this.deliveryLog.move(tx, delivery, event, meaning ? numbered(`${status}: ${meaning}`, errorCode) : status, change);
    if (!moved) return;
    if (deliveryMachine.isFinal(moved.state)) this.outbox.cancel(tx, 'delivery.check', delivery.id);
    if (delivery.providerSid) return;
    await this.expect(tx, moved);
    // The answer to our own request was lost: the parts behind this one were waiting for it.
    if (delivery.part < delivery.parts) this.outbox.enqueue(tx, { name: 'delivery.send', payload: { messageId: delivery.messageId } });
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
