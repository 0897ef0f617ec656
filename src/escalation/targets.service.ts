import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';
import { Hours, WallClock } from '@throughline/kernel/wall-clock.js';
import { OncallService } from '../oncall/oncall.service.js';
import type { Step, Target } from '../policies/policies.types.js';
import { StaffService } from '../staff/staff.service.js';
import type { Reach } from '../staff/staff.types.js';
import type { Person } from './ladder.policy.js';

/** More work for nobody whom an emergency may reach. */
const MOST_STAFF = 200;

export interface Reached {
  /** Each once. */
  people: Person[];
  /** From then on it may be others; null: not soon. */
  until: Date | null;
}

/** Whom a step reaches now. */
@Injectable()
export class TargetsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly oncall: OncallService,
    private readonly staff: StaffService,
  ) {}

  async of(tenantId: string, { targets }: Step): Promise<Reached> {
    const reached = await Promise.all(targets.map((target) => this.target(tenantId, target)));
    const people = new Map<string, Person>();
    for (const person of reached.flatMap((each) => each.people)) {
      people.set(person.id, { ...person, scheduleIds: [...(people.get(person.id)?.scheduleIds ?? []), ...(person.scheduleIds ?? [])] });
    }
    const changes = reached.flatMap(({ until }) => (until ? [until.getTime()] : []));
    return { people: [...people.values()], until: changes.length > 0 ? new Date(Math.min(...changes)) : null };
  }

  private async target(tenantId: string, target: Target): Promise<Reached> {
    if (target.kind === 'schedule') return this.onCall(tenantId, target.scheduleId);
    const ids = target.kind === 'staff' ? [target.staffId] : (await this.staff.list(tenantId, null, MOST_STAFF)).map(({ id }) => id);
    const reaches = await this.database.transaction(tenantId, (tx) => this.staff.reach(tx, ids));
    const at = this.clock.ms();
    return { people: ids.flatMap((id) => reaches.get(id) ?? []).map((reach) => personOf(reach, at)), until: null };
  }

  /** A schedule that is not there any more has nobody: the ladder goes on. */
  private async onCall(tenantId: string, scheduleId: string): Promise<Reached> {
    try {
      const { staff, until } = await this.oncall.onCall(tenantId, scheduleId);
      return { people: staff.map((person) => ({ ...person, scheduleIds: [scheduleId] })), until };
    } catch (error) {
      if (error instanceof HubError && error.kind === 'not_found') return { people: [], until: null };
      throw error;
    }
  }
}

function personOf({ id, name, methods, timeZone, doNotDisturb }: Reach, at: number): Person {
  const isDoNotDisturb = doNotDisturb.length > 0 && new Hours(doNotDisturb).include(new WallClock(timeZone, at, at).at(at));
  return { id, name, methods: methods.filter(({ trouble }) => trouble === null), isDoNotDisturb };
}
