import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { patient } from '@throughline/twilio/webhooks.js';
import { AppConfig } from '../app.config.js';
import { PlacingService } from '../placing/placing.service.js';
import type { Wanted } from '../placing/placing.types.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { GateService } from './gate.service.js';
import { endOf, isFinal, isToBeEnded } from './outbound.policy.js';
import { OutboundRepository } from './outbound.repository.js';
import type { OutboundCall } from './outbound.types.js';
import { ProgressService } from './progress.service.js';

/** Makes it so at Twilio as the row of a call says. Whoever dies in between leaves it to the next one, who looks before anything is done a second time. */
@Injectable()
export class DrivingService {
  private readonly rows = new OutboundRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: AppConfig,
    private readonly placing: PlacingService,
    readonly gate: GateService,
    readonly progress: ProgressService,
  ) {}

  async drive(tenant: Tenant, id: string): Promise<JobOutcome> {
    const call = await this.database.transaction(tenant.id, (tx) => this.rows.find(tx, id));
    if (!call) return;
    if (isFinal(call.state)) return isToBeEnded(call) ? this.end(tenant, call) : undefined;
    const now = this.clock.now();
    if (call.limitAt <= now) return this.overdue(tenant, call);
    if (call.state === 'leaving') return this.leave(tenant, call);
    if (call.state === 'placing') return this.place(tenant, call);
    if (call.state !== 'waiting' || call.nextAt > now) return;
    const begun = await this.gate.begin(tenant, id);
    if (begun) return this.place(tenant, begun);
  }

  private async place(tenant: Tenant, call: OutboundCall): Promise<JobOutcome> {
    const tryId = call.tryId!;
    const placed = await this.placing.place(tenant.id, this.wanted(call, tryId));
    switch (placed.outcome) {
      case 'wait':
        return { again: placed.until };
      case 'placed':
        await this.progress.placed(tenant.id, tryId, placed.callSid);
        return;
      case 'refused':
        await this.progress.happen(tenant.id, call.id, 'failed', placed.failure.message, { errorCode: placed.failure.twilioCode ?? null });
    }
  }

  private wanted({ address, sender, whenMachine, ringSeconds }: OutboundCall, tryId: string): Wanted {
    return {
      id: tryId, to: address, from: sender, ringSeconds, answerUrl: this.at(tryId, 'answered'), statusUrl: this.at(tryId, 'status'),
      detection: whenMachine === 'talk' ? undefined : { until: whenMachine === 'hang_up' ? 'answer' : 'message_end', url: this.at(tryId, 'detected') },
    };
  }

  /** Only Twilio can tell a beep from a breath, so it has said that the greeting is over; from here on the machine hears the message. */
  private async leave(tenant: Tenant, { id, tryId, callSid }: OutboundCall): Promise<void> {
    if (await this.placing.redirect(callSid!, this.at(tryId!, 'message'))) return;
    await this.progress.happen(tenant.id, id, 'ended', 'the machine hung up', { isOver: true });
  }

  private async end({ id: tenantId }: Tenant, { id, callSid }: OutboundCall): Promise<void> {
    await this.placing.end(callSid!);
    await this.database.transaction(tenantId, async (tx) => this.rows.setOver(tx, id));
  }

  /** The limit of a state. What may have been missed is asked for; while they talk it is asked again and again. */
  private async overdue(tenant: Tenant, call: OutboundCall): Promise<JobOutcome> {
    const { id, state, callSid, tryId } = call;
    if (state === 'waiting') return this.ends(tenant, id, 'expired', `${call.cause ?? 'it did not come to it'}; that is too late`);
    if (state === 'placing') return this.ends(tenant, id, 'failed', 'Twilio could not be asked to place it');
    const status = await this.placing.statusOf(callSid!);
    if (status === null || endOf(status, null)) {
      await this.progress.told(tenant.id, tryId!, callSid!, status ?? 'completed', null);
      return;
    }
    if (state === 'talking') return { again: this.clock.in(LOOK_AGAIN_MS) };
    await this.placing.end(callSid!);
    return this.ends(tenant, id, state === 'ringing' ? 'no_answer' : 'ended', `${state} took too long`);
  }

  private async ends(tenant: Tenant, id: string, event: 'expired' | 'failed' | 'no_answer' | 'ended', cause: string): Promise<void> {
    await this.progress.happen(tenant.id, id, event, cause);
  }

  private at(tryId: string, path: string): string {
    return patient(`${this.config.publicBaseUrl}/webhooks/twilio/voice/outbound/${tryId}/${path}`);
  }
}

/** How often a call that goes on is asked about. */
const LOOK_AGAIN_MS = 300_000;
