import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { recordTransition } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, invalid, notFound } from '@throughline/kernel/errors.js';
import { digestOf, isUuid, uuidOf, uuidv7 } from '@throughline/kernel/ids.js';
import { StaffService } from '../staff/staff.service.js';
import type { Doing } from '../staff/staff.types.js';
import type { ScheduleException } from './oncall.types.js';
import { SchedulesRepository } from './schedules.repository.js';

/** Of one schedule, that are not over yet. */
const MOST_OPEN = 500;

export type NewException = Pick<ScheduleException, 'kind' | 'startsAt' | 'endsAt' | 'removes' | 'staff' | 'reason'>;

/** A stretch of somebody's that another takes. */
export interface Swapped {
  staffId: string;
  from: Date;
  until: Date;
}

/** What is said about schedules for a while: overrides, swaps, covers. */
@Injectable()
export class ExceptionsService {
  private readonly schedules = new SchedulesRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly staff: StaffService,
  ) {}

  /** Those that are not over. @throws HubError `not_found` */
  list(tenantId: string, scheduleId: string, after: { at: Date; id: string } | null, limit: number): Promise<ScheduleException[]> {
    return this.database.transaction(tenantId, async (tx) => {
      if (!isUuid(scheduleId) || !(await this.schedules.find(tx, scheduleId))) throw notFound('schedule', scheduleId);
      return this.schedules.exceptions(tx, scheduleId, this.clock.now(), { after, limit });
    });
  }

  /** What would have begun begins now: what has been stays as it was. The same key twice is one. @throws HubError `conflict`, `invalid` */
  async add(tenantId: string, scheduleId: string, wanted: NewException, doing: Doing): Promise<ScheduleException> {
    return (await this.addAll(tenantId, scheduleId, [wanted], doing))[0]!;
  }

  /** Each takes the other's stretch: both overrides, or none. */
  async swap(tenantId: string, scheduleId: string, [one, other]: [Swapped, Swapped], reason: string | null, doing: Doing): Promise<ScheduleException[]> {
    if (one.from < other.until && other.from < one.until) throw invalid('other: the two stretches overlap', [{ path: 'other', message: 'the two stretches overlap' }]);
    const instead = (mine: Swapped, theirs: Swapped): NewException =>
      ({ kind: 'override', startsAt: mine.from, endsAt: mine.until, removes: mine.staffId, staff: [theirs.staffId], reason });
    return this.addAll(tenantId, scheduleId, [instead(one, other), instead(other, one)], doing);
  }

  /** It ends now; one that has not begun never does. Twice is once. @throws HubError `not_found` */
  end(tenantId: string, scheduleId: string, id: string, { by }: Doing): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => {
      const exception = isUuid(scheduleId) && isUuid(id) ? await this.schedules.lockException(tx, scheduleId, id) : null;
      if (!exception) throw notFound('override or cover', id);
      if (exception.endsAt <= this.clock.now()) return;
      this.schedules.endException(tx, id, this.clock.now());
      this.note(tx, exception, 'set', 'ended', by);
    });
  }

  /** @returns false when it was there already */
  async addIn(tx: Tx, exception: ScheduleException, fingerprint: string): Promise<boolean> {
    if (!(await this.schedules.addException(tx, exception, fingerprint))) return false;
    this.note(tx, exception, 'none', 'set', exception.madeBy ?? undefined);
    return true;
  }

  private addAll(tenantId: string, scheduleId: string, wanted: NewException[], { by, key }: Doing): Promise<ScheduleException[]> {
    const now = this.clock.now();
    const past = wanted.find(({ endsAt }) => endsAt <= now);
    const fingerprint = digestOf(wanted);
    return this.database.transaction(tenantId, async (tx) => {
      if (!isUuid(scheduleId) || !(await this.schedules.lock(tx, scheduleId))) throw notFound('schedule', scheduleId);
      const made = wanted.map((each, i): ScheduleException => ({
        ...each, id: key ? uuidOf(`${tenantId}/${scheduleId}/exception/${key}/${i}`) : uuidv7(now.getTime()), scheduleId,
        startsAt: each.startsAt > now ? each.startsAt : now, madeBy: by ?? null, createdAt: now,
      }));
      const known = await this.schedules.fingerprintOf(tx, made[0]!.id);
      if (known !== null && known !== fingerprint) throw conflict('key_used', 'This Idempotency-Key came with something else before.');
      if (known !== null) return this.schedules.exceptionsByIds(tx, made.map(({ id }) => id));
      if (past) throw invalid('until: this is over already', [{ path: 'until', message: 'this is over already' }]);
      await this.staff.hold(tx, wanted.flatMap(({ removes, staff }) => [...(removes ? [removes] : []), ...staff]), 'staff');
      if ((await this.schedules.exceptions(tx, scheduleId, now, { after: null, limit: MOST_OPEN })).length >= MOST_OPEN) throw conflict('too_many_exceptions', `${MOST_OPEN} overrides and covers of one schedule are enough.`);
      for (const each of made) await this.addIn(tx, each, fingerprint);
      return made;
    });
  }

  private note(tx: Tx, { scheduleId, kind, id }: ScheduleException, from: string, to: string, by: string | undefined): void {
    recordTransition(tx, { conversationSid: null, machine: kind, entityId: scheduleId, from, to, cause: by ? `${id}, by ${by}` : id, at: this.clock.now() });
  }
}
