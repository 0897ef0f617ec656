import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { recordTransition, type Transition, Transitions } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, notFound } from '@throughline/kernel/errors.js';
import { digestOf, isUuid, uuidOf, uuidv7 } from '@throughline/kernel/ids.js';
import { StaffService } from '../staff/staff.service.js';
import type { Doing } from '../staff/staff.types.js';
import type { Layer, NewSchedule, Schedule } from './oncall.types.js';
import { SchedulesRepository } from './schedules.repository.js';

type Change = Partial<Pick<Schedule, 'name' | 'timeZone' | 'layers'>> & { version: number };

/** The tenant's schedules: who takes turns with whom. */
@Injectable()
export class SchedulesService {
  private readonly schedules = new SchedulesRepository();
  private readonly log = new Transitions();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly staff: StaffService,
  ) {
    staff.objectTo(async (tx, staffId) => {
      const names = await this.schedules.naming(tx, staffId, clock.now());
      return names.length > 0 ? `Somebody has to take their place first, in: ${names.join(', ')}.` : null;
    });
  }

  list(tenantId: string, after: { at: Date; id: string } | null, limit: number): Promise<Schedule[]> {
    return this.database.transaction(tenantId, (tx) => this.schedules.list(tx, after, limit));
  }

  /** @throws HubError `not_found` */
  schedule(tenantId: string, id: string): Promise<Schedule> {
    return this.database.transaction(tenantId, (tx) => this.found(id, () => this.schedules.find(tx, id)));
  }

  /** The same key twice is one schedule. @throws HubError `conflict`; `invalid` for staff that are not there */
  async add(tenantId: string, wanted: NewSchedule, { by, key }: Doing): Promise<Schedule> {
    const id = key ? uuidOf(`${tenantId}/schedule/${key}`) : uuidv7(this.clock.ms());
    return this.database.transaction(tenantId, async (tx) => {
      if (await this.addIn(tx, id, wanted, by)) return this.found(id, () => this.schedules.find(tx, id));
      const known = await this.schedules.fingerprintOf(tx, id);
      if (known === null) throw conflict('schedule_exists', 'A schedule of this name, or from this externalRef, is there already.');
      if (known !== fingerprintOf(wanted)) throw conflict('key_used', 'This Idempotency-Key came with another schedule before.');
      return this.found(id, () => this.schedules.find(tx, id));
    });
  }

  /** @returns false when its id, its name or its origin is there already */
  async addIn(tx: Tx, id: string, wanted: NewSchedule, by: string | undefined): Promise<boolean> {
    const at = this.clock.now();
    await this.staff.hold(tx, staffIn(wanted.layers), 'layers');
    if (!(await this.schedules.insert(tx, { ...wanted, id, version: 1, createdAt: at, changedAt: at }, fingerprintOf(wanted)))) return false;
    this.note(tx, id, { from: 'none', to: 'version 1', what: 'added', by });
    return true;
  }

  hasRef(tx: Tx, externalRef: string): Promise<boolean> {
    return this.schedules.hasRef(tx, externalRef);
  }

  /** What is left out stays. It holds at once. @throws HubError `conflict` when somebody else has changed it since */
  change(tenantId: string, id: string, { version, ...change }: Change, { by }: Doing): Promise<Schedule> {
    return this.database.transaction(tenantId, async (tx) => {
      const present = await this.found(id, () => this.schedules.lock(tx, id));
      if (present.version !== version) throw conflict('changed_meanwhile', `This is version ${present.version} by now. Read it again before you change it.`);
      if (change.layers) await this.staff.hold(tx, staffIn(change.layers), 'layers');
      if (change.name && (await this.schedules.hasName(tx, change.name, id))) throw conflict('schedule_exists', 'Another schedule has this name.');
      const changed = { ...present, ...change, version: version + 1, changedAt: this.clock.now() };
      this.schedules.update(tx, changed);
      this.note(tx, id, { from: `version ${version}`, to: `version ${version + 1}`, what: Object.keys(change).join(', ') || 'nothing', by });
      return changed;
    });
  }

  remove(tenantId: string, id: string, { by }: Doing): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => {
      const { version } = await this.found(id, () => this.schedules.lock(tx, id));
      this.schedules.remove(tx, id, this.clock.now());
      this.note(tx, id, { from: `version ${version}`, to: 'removed', what: 'removed', by });
    });
  }

  /** What was changed about a schedule, and said about it for a while, oldest first. */
  async changes(tenantId: string, id: string, after: { at: Date; id: string } | null, limit: number): Promise<Transition[]> {
    const changes = isUuid(id) ? await this.database.transaction(tenantId, (tx) => this.log.of(tx, id, after, limit)) : [];
    if (changes.length === 0 && !after) throw notFound('schedule', id);
    return changes;
  }

  private note(tx: Tx, id: string, { from, to, what, by }: { from: string; to: string; what: string; by: string | undefined }): void {
    recordTransition(tx, { conversationSid: null, machine: 'schedule', entityId: id, from, to, cause: by ? `${what}, by ${by}` : what, at: this.clock.now() });
  }

  private async found(id: string, find: () => Promise<Schedule | null>): Promise<Schedule> {
    const schedule = isUuid(id) ? await find() : null;
    if (!schedule) throw notFound('schedule', id);
    return schedule;
  }
}

const staffIn = (layers: readonly Layer[]): string[] => layers.flatMap(({ rotation }) => rotation.flat());

const fingerprintOf = ({ name, timeZone, layers, externalRef }: NewSchedule): string => digestOf([name, timeZone, layers, externalRef]);
