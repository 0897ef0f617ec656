import { Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { reach } from '@throughline/kernel/points.js';
import { type TwilioFailure, twilioFailure } from '@throughline/twilio/errors.js';
import { EscalationService } from '../escalation/escalation.service.js';
import type { Attempt } from '../escalation/escalation.types.js';
import type { AlertCarrier, From, Words } from './alerting.types.js';

export type Texted = { outcome: 'sent'; sid: string } | { outcome: 'wait'; until: Date } | { outcome: 'refused'; failure: TwilioFailure } | { outcome: 'nothing' };

/** Texts and mails to staff: each of them once, whatever dies. Who died in sending one leaves it to the next one, who looks for it first. */
@Injectable()
export class TextsService {
  constructor(
    private readonly clock: Clock,
    private readonly escalation: EscalationService,
  ) {}

  /** @throws TwilioFailure that is `retryable`: asked again, it goes on, and looks first where it has to */
  async send({ tenantId, id, ...present }: Attempt, carrier: AlertCarrier, from: From, words: Words): Promise<Texted> {
    const claimed = await this.escalation.claim(tenantId, id, this.clock.in(carrier.leaseMs));
    if (!claimed) return present.leaseUntil && present.state === 'pending' && !present.providerSid ? { outcome: 'wait', until: present.leaseUntil } : { outcome: 'nothing' };
    await reach('alert.claimed');
    try {
      const sid = (claimed.tries > 1 && (await carrier.lost(claimed, from, words))) || (await carrier.create(claimed, from, words));
      await reach('alert.sent');
      return { outcome: 'sent', sid };
    } catch (error) {
      const failure = twilioFailure(error);
      if (!failure.retryable) return { outcome: 'refused', failure };
      if (failure.errorClass === 'retry') await this.escalation.release(tenantId, id);
      throw failure;
    }
  }
}
