import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { describe } from '@throughline/kernel/errors.js';
import { oneLine } from '@throughline/kernel/words.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { twilioFailure } from '@throughline/twilio/errors.js';
import { EscalationService } from '../escalation/escalation.service.js';
import type { Attempt, Carried, Incident } from '../escalation/escalation.types.js';
import type { AlertChannel } from '../policies/policies.types.js';
import { PlacingService } from '../placing/placing.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import type { AlertCarrier, From, Words } from './alerting.types.js';
import { subjectOf, textOf, type Told } from './lines.js';
import { TextsService } from './texts.service.js';
import { TwilioCarrier } from './twilio.carrier.js';

const RING_SECONDS = 40;
/** Whoever it is for is told some other way too, when it has not left after so long. */
const PATIENCE_MS = 20_000;
/** What could not be sent for so long says nothing new any more. */
const WORTH_SENDING_MS = 600_000;
const MOST_SENDERS = 200;
const NO_SENDER = { voice: 'no number', sms: 'no number', whatsapp: 'no WhatsApp sender', email: 'no mailbox' };

/** Does at Twilio what the row of an attempt asks for: text, call, or end a call. Twice is once. */
@Injectable()
export class AlertingService {
  private readonly log = new Logger('Alerting');
  private readonly carriers: Partial<Record<AlertChannel, AlertCarrier>>;

  constructor(
    private readonly clock: Clock,
    private readonly tenancy: TenancyService,
    private readonly escalation: EscalationService,
    private readonly placing: PlacingService,
    private readonly texts: TextsService,
    twilio: TwilioCarrier,
  ) {
    this.carriers = { sms: twilio, whatsapp: twilio };
  }

  /** From now on mails can be sent too. */
  carryMailsBy(carrier: AlertCarrier): void {
    this.carriers.email = carrier;
  }

  async alert(tenantId: string, attemptId: string): Promise<JobOutcome> {
    const found = await this.escalation.toSend(tenantId, attemptId);
    if (!found) return;
    const { attempt } = found;
    if (attempt.state === 'cancelled' && attempt.providerSid && attempt.channel === 'voice') return this.hush(attempt);
    if (attempt.state !== 'pending') return;
    if (attempt.createdAt.getTime() + WORTH_SENDING_MS <= this.clock.ms()) return this.fails(attempt, 'it could not be sent in time');
    if (found.hasStopped) return this.fails(attempt, 'STOP was said from there');
    const tenant = await this.tenancy.tenant(tenantId);
    const from = await this.senderFor(tenant, attempt);
    if (!from) return this.fails(attempt, `the tenant has ${NO_SENDER[attempt.channel]} that it could come from`);
    return this.orOtherwise(attempt, attempt.channel === 'voice' ? this.call(attempt, from.address) : this.text(tenant, found, from));
  }

  /** Trying goes on for minutes; whoever it is for does not wait for it. A mail server that has not taken a mail is away for longer than that. */
  private async orOtherwise({ tenantId, id, channel, createdAt }: Attempt, trying: Promise<JobOutcome>): Promise<JobOutcome> {
    const patientUntil = createdAt.getTime() + PATIENCE_MS;
    try {
      const outcome = await trying;
      if (!outcome) return;
      if (this.clock.ms() < patientUntil) return { again: new Date(Math.min(outcome.again.getTime(), patientUntil)) };
      await this.escalation.tellOtherwise(tenantId, id);
      return outcome;
    } catch (error) {
      const { retryAfterMs = 0, errorClass } = twilioFailure(error);
      if (this.clock.ms() + retryAfterMs >= patientUntil || (channel === 'email' && errorClass === 'retry')) await this.escalation.tellOtherwise(tenantId, id);
      throw error;
    }
  }

  private async call(attempt: Attempt, from: string): Promise<JobOutcome> {
    const { tenantId, id, address } = attempt;
    const placed = await this.placing.place(tenantId, {
      id, to: address, from, ringSeconds: RING_SECONDS, answerUrl: this.escalation.links.webhook(id, 'answered'), statusUrl: this.escalation.links.webhook(id, 'status'),
      detection: { until: 'answer', url: this.escalation.links.webhook(id, 'machine') },
    });
    if (placed.outcome === 'wait') return { again: placed.until };
    if (placed.outcome === 'refused') return this.fails(attempt, describe(placed.failure));
    await this.escalation.happened(tenantId, id, 'placed', 'the phone is called', placed.callSid);
  }

  private async text(tenant: Tenant, { attempt, ...about }: { incident: Incident; attempt: Attempt; carried: Carried }, from: From): Promise<JobOutcome> {
    const carrier = this.carriers[attempt.channel];
    if (!carrier) return this.fails(attempt, `nothing is sent by ${attempt.channel}`);
    const isReplyHeard = (await carrier.provesReplies?.(attempt, from)) ?? true;
    const texted = await this.texts.send(attempt, carrier, from, wordsOf(tenant, { attempt, ...about }, { link: this.escalation.links.page(attempt.id), isReplyHeard }));
    if (texted.outcome === 'wait') return { again: texted.until };
    if (texted.outcome === 'refused' && texted.failure.errorClass === 'opt_out') await this.escalation.stopped(tenant.id, attempt.id, from.address);
    if (texted.outcome === 'refused') return this.fails(attempt, describe(texted.failure));
    if (texted.outcome === 'sent') await this.escalation.happened(attempt.tenantId, attempt.id, 'accepted', 'the text is handed over', texted.sid);
  }

  private async fails({ tenantId, id, name, channel }: Attempt, why: string): Promise<void> {
    this.log.warn(`attempt ${id} (${channel} to ${name}) failed: ${why}`);
    await this.escalation.happened(tenantId, id, 'failed', why, null);
  }

  /** Who is listening hears who has it; a phone that rings falls silent. */
  private async hush({ tenantId, id, providerSid, isOver }: Attempt): Promise<void> {
    if (isOver) return;
    if (!(await this.placing.redirect(providerSid!, this.escalation.links.webhook(id, 'answered')))) await this.placing.end(providerSid!);
    await this.escalation.callIsOver(tenantId, id);
  }

  /** A number that the tenant has named need not be one that it is written to. */
  private async senderFor({ id, settings }: Tenant, { channel }: Attempt): Promise<From | null> {
    const { sender: named } = settings.escalation;
    const kinds = channel === 'voice' || channel === 'sms' ? ['sms', 'voice'] : [channel];
    const ours = (await this.tenancy.listSenders(id, null, MOST_SENDERS)).filter((sender) => kinds.includes(sender.channel));
    const chosen = ours.find(({ address }) => address === named);
    if (named && kinds.length > 1) return chosen ?? { address: named, messagingServiceSid: null };
    return chosen ?? ours.find((sender) => sender.channel === channel) ?? ours[0] ?? null;
  }
}

/** Its words, in the tenant's language. */
function wordsOf({ name, settings }: Tenant, { incident, attempt, carried }: { incident: Incident; attempt: Attempt; carried: Carried }, reply: Pick<Told, 'link' | 'isReplyHeard'>): Words {
  const [language = 'en-US'] = settings.voice.languages;
  const told = { business: settings.businessName ?? name, language, ...reply };
  const body = textOf(attempt, incident, carried, told);
  const template = settings.escalation.whatsappTemplate ?? settings.whatsapp.reopenTemplate;
  const values = { reply: oneLine(body), firstName: oneLine(attempt.name).split(' ')[0]!, businessName: oneLine(told.business) };
  return {
    body, subject: subjectOf(incident, carried, told), businessName: told.business, link: attempt.says === 'alert' && carried.code !== null ? reply.link : null,
    template: template ? { contentSid: template.contentSid, variables: Object.fromEntries(Object.entries(template.variables).map(([place, value]) => [place, values[value]])) } : null,
  };
}
