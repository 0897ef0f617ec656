import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { recordTransition } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { tell } from '@throughline/live/live.js';
import { meaningOf } from '@throughline/twilio/errors.js';
import { Counter } from 'prom-client';
import { ConversationsService } from '../conversations/conversations.service.js';
import { RoutesService } from '../routes/routes.service.js';
import { DeliveriesRepository, type DeliveryChange } from './deliveries.repository.js';
import { deliveryMachine, worstOf } from './delivery.machine.js';
import type { Delivery, DeliveryEvent, DeliveryState, Retired } from './delivery.types.js';

const outcomes = new Counter({
  name: 'throughline_delivery_transitions_total',
  help: 'Deliveries that reached a state',
  labelNames: ['state', 'channel'],
});

/** Moves a delivery along its machine: the row, the audit log and the message's status, in one transaction. */
@Injectable()
export class DeliveryLog {
  private readonly deliveries = new DeliveriesRepository();

  constructor(
    private readonly clock: Clock,
    private readonly conversations: ConversationsService,
    private readonly routes: RoutesService,
  ) {}

  /** @returns the delivery as it is now, or null when the event means nothing in its state */
  async move(tx: Tx, delivery: Delivery, event: DeliveryEvent, cause: string, change: DeliveryChange = {}): Promise<Delivery | null> {
    const step = deliveryMachine.next(delivery.state, event);
    if (!step) return null;
    const past = NOT_THERE.has(step.to) ? await this.arrivedBefore(tx, delivery) : null;
    if (past) return this.move(tx, delivery, 'arrived_before', `${cause}; an earlier attempt has arrived`, settledBy(past));
    const at = this.clock.now();
    if (!(await this.deliveries.move(tx, delivery, step.to, change, at))) return null;
    const moved = { ...delivery, ...change, state: step.to, updatedAt: at };
    // Of several parts the one that moved last tells; they rarely go different ways.
    if (moved.detour !== delivery.detour || moved.channel !== delivery.channel) this.routes.showVia(tx, moved);
    if (step.to !== delivery.state) {
      recordTransition(tx, {
        conversationSid: delivery.conversationSid, machine: 'delivery', entityId: delivery.id, from: delivery.state, to: step.to, cause, at,
      });
      await this.showOnMessage(tx, moved);
      if (event === 'unreachable' || isLost(delivery, step.to, change.errorCode)) await this.conversations.replyLost(tx, delivery.messageId, cause);
      tx.afterCommit(() => outcomes.inc({ state: step.to, channel: moved.channel }));
    }
    return moved;
  }

  /** An earlier attempt has arrived although it had been given back, and another one is out or about to be: noted, so that it is never called lost. */
  arrived(tx: Tx, delivery: Delivery, past: Retired, cause: string): void {
    const { id: entityId, conversationSid, state } = delivery;
    const retired = delivery.retired.map((each) => (each === past ? { ...each, arrived: true } : each));
    this.deliveries.setRetired(tx, entityId, retired);
    recordTransition(tx, { conversationSid, machine: 'delivery', entityId, from: state, to: state, cause, at: this.clock.now() });
  }

  private async arrivedBefore(tx: Tx, { id, retired }: Delivery): Promise<Retired | null> {
    if (retired.length === 0) return null;
    // It may have been noted while the attempt that fails now was under way.
    return (await this.deliveries.lock(tx, id))?.retired.find((each) => each.arrived) ?? null;
  }

  /** One after the other: of two parts that move at the same time, the later must see what the earlier has come to. */
  private async partsOf(tx: Tx, messageId: string): Promise<Pick<Delivery, 'state' | 'errorCode' | 'errorMeaning'>[]> {
    this.conversations.lockMessage(tx, messageId);
    return this.deliveries.statesOf(tx, messageId);
  }

  private async showOnMessage(tx: Tx, moved: Delivery): Promise<void> {
    const parts = moved.parts === 1 ? [moved] : await this.partsOf(tx, moved.messageId);
    const worst = worstOf(parts.map((part) => part.state));
    const trouble = parts.find((part) => part.errorCode !== null) ?? parts.find((part) => part.errorMeaning !== null);
    this.conversations.setStatus(tx, moved.messageId, {
      status: worst, errorCode: trouble?.errorCode ?? null, statusCause: trouble?.errorMeaning ?? null,
    });
    const { channel, address, messageId } = moved;
    tx.afterCommit(() => tell('status', { tenantId: tx.tenantId, channel, address, messageId, status: worst }));
  }
}

/** The customer does not have it: not by this attempt. */
const NOT_THERE: ReadonlySet<DeliveryState> = new Set(['failed', 'undelivered', 'suppressed', 'unknown']);

const LOST: ReadonlySet<DeliveryState> = new Set(['failed', 'undelivered', 'unknown']);

/** The customer does not have it, as far as anybody can tell: told once, and not of somebody who said stop. */
function isLost(delivery: Delivery, to: DeliveryState, errorCode: number | null | undefined): boolean {
  return LOST.has(to) && !LOST.has(delivery.state) && meaningOf(errorCode ?? undefined).class !== 'opt_out';
}

/** The delivery ends with an earlier attempt of its own. */
export const settledBy = ({ providerSid, channel, sender, address, contentSid, detour }: Omit<Retired, 'arrived'>): DeliveryChange => ({
  providerSid, channel, sender, address, contentSid, detour, leaseUntil: null, retryAt: null, uncertain: false, errorCode: null, errorMeaning: null,
});
