import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { Outbox } from '@throughline/queues/outbox.js';

/** The messaging webhook of the same message is usually a second behind or ahead; let it come first. */
const SETTLE_MS = 5_000;

/** The front door of the copy at Twilio. Nearly all of its work is asked for by jobs. */
@Injectable()
export class MirrorService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
  ) {}

  /** A message in a Conversation that is not ours: a job looks whether Twilio made it for one of our customers. */
  async considerAdopting(tenantId: string, foreignSid: string, messageSid: string): Promise<void> {
    await this.database.transaction(tenantId, (tx) => this.outbox.enqueue(tx, {
      name: 'conversations.adopt', payload: { foreignSid, messageSid }, key: messageSid, dueAt: this.clock.in(SETTLE_MS),
    }));
  }
}
