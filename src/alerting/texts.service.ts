import { Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { reach } from '@throughline/kernel/points.js';
import { type TwilioFailure, twilioFailure } from '@throughline/twilio/errors.js';
import { EscalationService } from '../escalation/escalation.service.js';
import type { Attempt } from '../escalation/escalation.types.js';
import type { AlertCarrier, From, Words } from './alerting.types.js';

/** After that it can be seen what a request has done to which there was no answer. */
const SETTLED_MS = 10_000;
const LOOK_AGAIN_MS = 2_000;

export type Texted = { outcome: 'sent'; sid: string } | { outcome: 'wait'; until: Date } | { outcome: 'refused'; failure: TwilioFailure } | { outcome: 'nothing' };

/** Texts and mails to staff: each of them once, whatever dies. Who died in sending one leaves it to the next one, who looks for it first. */
@Injectable()
export class TextsService {
  constructor(
    private readonly clock: Clock,
    private readonly escalation: EscalationService,
  ) {}

  /** `wait` where somebody else is at it, or others are before it. @throws TwilioFailure that is `retryable`: asked again, it goes on, and looks first where it has to */
  async send(attempt: Attempt, carrier: AlertCarrier, from: From, words: Words): Promise<Texted> {
    if (!carrier.seats) return this.sendOnce(attempt, carrier, from, words);
    if (!carrier.seats.take(from.address)) return { outcome: 'wait', until: this.clock.in(LOOK_AGAIN_MS) };
    try {
      return await this.sendOnce(attempt, carrier, from, words);
    } finally {
      carrier.seats.leave(from.address);
    }
  }

  private async sendOnce({ tenantId, id, ...present }: Attempt, carrier: AlertCarrier, from: From, words: Words): Promise<Texted> {
    const claimed = await this.escalation.claim(tenantId, id, this.clock.in(carrier.leaseMs));
    if (!claimed) return present.leaseUntil && present.state === 'pending' && !present.providerSid ? { outcome: 'wait', until: present.leaseUntil } : { outcome: 'nothing' };
    await reach('alert.claimed');
    const texted = await this.sendOrFind(claimed, carrier, from, words).catch((error: unknown) => this.notSent(claimed, error));
    await reach('alert.sent');
    return texted;
  }

  private async sendOrFind(claimed: Attempt, carrier: AlertCarrier, from: From, words: Words): Promise<Texted> {
    const found = claimed.tries > 1 ? await carrier.lost(claimed, from, words) : null;
    if (found) return { outcome: 'sent', sid: found };
    // Whoever was so slow would still be sending when they are taken for dead.
    if (this.clock.ms() + carrier.createMs > claimed.leaseUntil!.getTime()) return { outcome: 'wait', until: claimed.leaseUntil! };
    return { outcome: 'sent', sid: await carrier.create(claimed, from, words) };
  }

  /** What has certainly not gone is sent again; what may have gone is looked for. */
  private async notSent(claimed: Attempt, error: unknown): Promise<Texted> {
    const failure = twilioFailure(error);
    if (!failure.retryable) return { outcome: 'refused', failure };
    await this.escalation.release(claimed.tenantId, claimed, failure.errorClass === 'retry' ? null : this.clock.in(SETTLED_MS));
    throw failure;
  }
}
