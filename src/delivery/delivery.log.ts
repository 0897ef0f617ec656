import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { recordTransition } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { Counter } from 'prom-client';
import { ConversationsService } from '../conversations/conversations.service.js';
import { DeliveriesRepository, type DeliveryChange } from './deliveries.repository.js';
import { deliveryMachine, worstOf } from './delivery.machine.js';
import type { Delivery, DeliveryEvent } from './delivery.types.js';

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
      await recordTransition(tx, {
        conversationSid: delivery.conversationSid, machine: 'delivery', entityId: delivery.id, from: delivery.state, to: step.to, cause, at,
      });
      await this.showOnMessage(tx, { ...delivery, ...change, state: step.to });
      tx.afterCommit(() => outcomes.inc({ state: step.to, channel: delivery.channel }));
    }
    return { ...delivery, ...change, state: step.to, updatedAt: at };
  }

  private async showOnMessage(tx: Tx, moved: Delivery): Promise<void> {
    const parts = moved.parts === 1 ? [moved] : await this.deliveries.statesOf(tx, moved.messageId);
    const worst = worstOf(parts.map((part) => part.state));
    const errorCode = parts.find((part) => part.errorCode !== null)?.errorCode ?? null;
    await this.conversations.setStatus(tx, moved.messageId, worst, errorCode);
  }
}
