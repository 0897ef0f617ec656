import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { Outbox } from '@throughline/queues/outbox.js';

/** The messaging webhook of the same message is usually a second behind or ahead; let it come first. */
const SETTLE_MS = 5_000;

/** Notes down a foreign Conversation's message, to be looked at in a moment. */
@Injectable()
export class AdoptionRequests {
  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
  ) {}

  async request(tx: Tx, foreignSid: string, messageSid: string): Promise<void> {
    await this.outbox.enqueue(tx, {
      name: 'conversations.adopt', payload: { foreignSid, messageSid }, key: messageSid, dueAt: this.clock.in(SETTLE_MS),
    });
  }
}
