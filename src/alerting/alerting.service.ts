import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { describe } from '@throughline/kernel/errors.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { EscalationService } from '../escalation/escalation.service.js';
import type { Attempt, Incident } from '../escalation/escalation.types.js';
import { PlacingService } from '../placing/placing.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { textOf } from './lines.js';
import { type From, TextsService } from './texts.service.js';

const RING_SECONDS = 40;
/** What could not be sent for so long says nothing new any more. */
const WORTH_SENDING_MS = 600_000;
const MOST_SENDERS = 200;

/** Does at Twilio what the row of an attempt asks for: text, call, or end a call. Twice is once. */
@Injectable()
export class AlertingService {
  private readonly log = new Logger('Alerting');

  constructor(
    private readonly clock: Clock,
    private readonly tenancy: TenancyService,
    private readonly escalation: EscalationService,
    private readonly placing: PlacingService,
    private readonly texts: TextsService,
  ) {}

  async alert(tenantId: string, attemptId: string): Promise<JobOutcome> {
    const sighted = await this.escalation.attempt(tenantId, attemptId);
    if (!sighted) return;
    const { incident, attempt } = sighted;
    if (attempt.state === 'cancelled' && attempt.providerSid && attempt.channel === 'voice') return this.hush(attempt);
    if (attempt.state !== 'pending') return;
    if (attempt.createdAt.getTime() + WORTH_SENDING_MS <= this.clock.ms()) return this.fails(attempt, 'it could not be sent in time');
    const tenant = await this.tenancy.tenant(tenantId);
    const from = await this.senderFor(tenant, attempt);
    if (!from) return this.fails(attempt, 'the tenant has no number that it could come from');
    return attempt.channel === 'voice' ? this.call(attempt, from.address) : this.text(tenant, incident, attempt, from);
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

  private async text({ name, settings }: Tenant, incident: Incident, attempt: Attempt, from: From): Promise<JobOutcome> {
    const [language = 'en-US'] = settings.voice.languages;
    const body = textOf(attempt, incident, { business: settings.businessName ?? name, language, link: this.escalation.links.page(attempt.id) });
    const texted = await this.texts.send(attempt, from, body);
    if (texted.outcome === 'wait') return { again: texted.until };
    if (texted.outcome === 'refused') return this.fails(attempt, describe(texted.failure));
    if (texted.outcome === 'sent') await this.escalation.happened(attempt.tenantId, attempt.id, 'accepted', 'Twilio has the text', texted.sid);
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
    const numbers = (await this.tenancy.listSenders(id, null, MOST_SENDERS)).filter((sender) => sender.channel === 'sms' || sender.channel === 'voice');
    const { sender: named } = settings.escalation;
    if (named) return numbers.find(({ address }) => address === named) ?? { address: named, messagingServiceSid: null };
    return numbers.find((sender) => sender.channel === channel) ?? numbers[0] ?? null;
  }
}
