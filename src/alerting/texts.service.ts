import { Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { reach } from '@throughline/kernel/points.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { type TwilioFailure, twilioFailure } from '@throughline/twilio/errors.js';
import { EscalationService } from '../escalation/escalation.service.js';
import type { Attempt } from '../escalation/escalation.types.js';
import type { Sender } from '../tenancy/tenancy.types.js';

/** Longer than Twilio takes to answer a request. */
const LEASE_MS = 10_000;
/** Texts among which one is looked for that may have been sent. */
const RECENT = 50;
/** Between Twilio's clock and ours, in milliseconds. */
const SLACK_MS = 10_000;

/** A number of ours. */
export type From = Pick<Sender, 'address' | 'messagingServiceSid'>;

export type Texted = { outcome: 'sent'; sid: string } | { outcome: 'wait'; until: Date } | { outcome: 'refused'; failure: TwilioFailure } | { outcome: 'nothing' };

/**
 * Texts to staff: each of them once, whatever dies. Who died in sending one leaves it to the next one, who looks among Twilio's texts to that number
 * for one in the same words that no attempt knows; an alert's words have a link that no other text has.
 */
@Injectable()
export class TextsService {
  constructor(
    private readonly clock: Clock,
    private readonly account: TwilioAccount,
    private readonly escalation: EscalationService,
  ) {}

  /** @throws TwilioFailure that is `retryable`: asked again, it goes on, and looks first where it has to */
  async send({ tenantId, id, ...present }: Attempt, from: From, body: string): Promise<Texted> {
    const until = this.clock.in(LEASE_MS);
    const claimed = await this.escalation.claim(tenantId, id, until);
    if (!claimed) return present.leaseUntil && present.state === 'pending' && !present.providerSid ? { outcome: 'wait', until: present.leaseUntil } : { outcome: 'nothing' };
    await reach('alert.claimed');
    try {
      const sid = (claimed.tries > 1 && (await this.lost(claimed, body))) || (await this.create(claimed, from, body));
      await reach('alert.sent');
      return { outcome: 'sent', sid };
    } catch (error) {
      const failure = twilioFailure(error);
      if (!failure.retryable) return { outcome: 'refused', failure };
      if (failure.errorClass === 'retry') await this.escalation.release(tenantId, id);
      throw failure;
    }
  }

  private async create({ id, address }: Attempt, from: From, body: string): Promise<string> {
    const service = from.messagingServiceSid ?? this.account.messagingServiceSid;
    const { sid } = await this.account.client.messages.create({
      to: address, from: from.address, ...(service ? { messagingServiceSid: service } : {}), body, statusCallback: this.escalation.links.webhook(id, 'text'),
    });
    return sid;
  }

  /** Trial accounts get words in front of theirs. */
  private async lost({ tenantId, address, claimedAt }: Attempt, body: string): Promise<string | undefined> {
    const texts = await this.account.client.messages.list({ to: address, limit: RECENT });
    const since = claimedAt!.getTime() - SLACK_MS;
    const alike = texts.filter((text) => text.dateCreated.getTime() >= since && text.direction !== 'inbound' && text.body.endsWith(body)).map(({ sid }) => sid).toReversed();
    const known = await this.escalation.known(tenantId, alike);
    return alike.find((sid) => !known.has(sid));
  }
}
