import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { recordTransition } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { tell } from '@throughline/live/live.js';
import { meaningOf } from '@throughline/twilio/errors.js';
import { Counter } from 'prom-client';
import { ConversationsService } from '../conversations/conversations.service.js';
import { DeliveriesRepository, type DeliveryChange } from './deliveries.repository.js';
import { deliveryMachine, worstOf } from './delivery.machine.js';
import type { Delivery, DeliveryEvent, DeliveryState } from './delivery.types.js';

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
  ) {}

  /** @returns the delivery as it is now, or null when the event means nothing in its state */
  async move(tx: Tx, delivery: Delivery, event: DeliveryEvent, cause: string, change: DeliveryChange = {}): Promise<Delivery | null> {
    const step = deliveryMachine.next(delivery.state, event);
    if (!step) return null;
    const at = this.clock.now();
    if (!(await this.deliveries.move(tx, delivery, step.to, change, at))) return null;
    if (step.to !== delivery.state) {
      recordTransition(tx, {
        conversationSid: delivery.conversationSid, machine: 'delivery', entityId: delivery.id, from: delivery.state, to: step.to, cause, at,
      });
      await this.showOnMessage(tx, { ...delivery, ...change, state: step.to });
      if (event === 'unreachable' || isLost(delivery, step.to, change.errorCode)) await this.conversations.replyLost(tx, delivery.messageId, cause);
      tx.afterCommit(() => outcomes.inc({ state: step.to, channel: delivery.channel }));
    }
    return { ...delivery, ...change, state: step.to, updatedAt: at };
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

const LOST: ReadonlySet<DeliveryState> = new Set(['failed', 'undelivered', 'unknown']);

/** The customer does not have it, as far as anybody can tell: told once, and not of somebody who said stop. */
function isLost(delivery: Delivery, to: DeliveryState, errorCode: number | null | undefined): boolean {
  return LOST.has(to) && !LOST.has(delivery.state) && meaningOf(errorCode ?? undefined).class !== 'opt_out';
}
