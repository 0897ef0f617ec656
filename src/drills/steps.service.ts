import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { EscalationService } from '../escalation/escalation.service.js';
import { OncallService, type SchedulePreflight } from '../oncall/oncall.service.js';
import type { Policy, Step } from '../policies/policies.types.js';
import { StaffService } from '../staff/staff.service.js';
import type { Warning } from './drills.types.js';
import { aboutSteps, both, type Stretch } from './warnings.policy.js';

const MOST = 200;
/** An emergency, which disturbs people whenever it is. */
const URGENT = 5;

type People = Parameters<EscalationService['alertsFor']>[2];

/** Looks at each step of each policy with the eyes of the ladder, over the next 14 days. */
@Injectable()
export class StepsService {
  constructor(
    private readonly database: Database,
    private readonly staff: StaffService,
    private readonly oncall: OncallService,
    private readonly escalation: EscalationService,
  ) {}

  async warnings(tenantId: string, policies: readonly Policy[]): Promise<Warning[]> {
    const whole = this.oncall.ahead();
    const [schedules, people] = [await this.oncall.preflight(tenantId), await this.people(tenantId)];
    return policies.flatMap((policy) => aboutSteps(policy, policy.steps.map((step) => this.holesIn(step, whole, schedules, people)), whole));
  }

  private holesIn(step: Step, whole: Stretch, schedules: readonly SchedulePreflight[], people: People): Stretch[] {
    const tells = (those: People): boolean => this.escalation.alertsFor(step, { round: 0, step: 0 }, those, URGENT).length > 0;
    const isAlwaysReached = step.targets.some((target) => target.kind !== 'schedule' && tells(people.filter(({ id }) => target.kind === 'all' || id === target.staffId)));
    if (isAlwaysReached) return [];
    const own = schedules.filter(({ scheduleId }) => step.targets.some((target) => target.kind === 'schedule' && target.scheduleId === scheduleId));
    return own.map(({ outlooks }) => outlooks.filter(({ staff }) => !tells(staff))).reduce<Stretch[]>((some, others) => both(some, others), [whole]);
  }

  private async people(tenantId: string): Promise<People> {
    const ids = (await this.staff.list(tenantId, null, MOST)).map(({ id }) => id);
    const reaches = await this.database.transaction(tenantId, (tx) => this.staff.reach(tx, ids));
    return [...reaches.values()].map(({ id, name, methods }) => ({ id, name, methods: methods.filter(({ trouble }) => trouble === null), isDoNotDisturb: false }));
  }
}
