import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { digestOf, uuidOf } from '@throughline/kernel/ids.js';
import { StaffService } from '../staff/staff.service.js';
import { ExceptionsService } from './exceptions.service.js';
import { grafanaOncall } from './grafana.parser.js';
import { newScheduleSchema } from './oncall.schemas.js';
import type { ImportPlan } from './oncall.types.js';
import { opsgenie } from './opsgenie.parser.js';
import { SchedulesService } from './schedules.service.js';

const PARSERS = { 'grafana-oncall': grafanaOncall, opsgenie };
export type System = keyof typeof PARSERS;

/** `new` comes, `known` came before and is left as it is, `name_taken` cannot come. */
type Fate = 'new' | 'known' | 'name_taken';

export interface ImportReport {
  isDryRun: boolean;
  staff: (ImportPlan['staff'][number] & { fate: Fate })[];
  schedules: (ImportPlan['schedules'][number] & { fate: Fate })[];
  leftOut: ImportPlan['leftOut'];
}

/** Schedules and their people out of another system's export. */
@Injectable()
export class ImportService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly staff: StaffService,
    private readonly schedules: SchedulesService,
    private readonly exceptions: ExceptionsService,
  ) {}

  /** All of it or nothing; what came before is not touched, so it may be done again. A dry run does the same, and undoes it. */
  async run(tenantId: string, system: System, document: Record<string, unknown>, { isDryRun, by }: { isDryRun: boolean; by?: string | undefined }): Promise<ImportReport> {
    const plan = PARSERS[system](document, this.clock.now());
    const work = async (tx: Tx): Promise<ImportReport> => {
      const ids = new Map<string, string>();
      const report: ImportReport = { isDryRun, staff: [], schedules: [], leftOut: [...plan.leftOut] };
      for (const person of plan.staff) report.staff.push({ ...person, fate: await this.addPerson(tx, ids, person, by) });
      for (const schedule of plan.schedules) {
        const fate = await this.addSchedule(tx, ids, schedule, { by, leftOut: report.leftOut });
        if (fate) report.schedules.push({ ...schedule, fate });
      }
      if (isDryRun) throw new Undone(report);
      return report;
    };
    return this.database.transaction(tenantId, work).catch((error: unknown) => {
      if (error instanceof Undone) return error.report;
      throw error;
    });
  }

  private async addPerson(tx: Tx, ids: Map<string, string>, { ref, name, email }: ImportPlan['staff'][number], by: string | undefined): Promise<Fate> {
    const id = uuidOf(`${tx.tenantId}/staff/import/${ref}/${this.clock.ms()}`);
    const contactMethods = email ? [{ channel: 'email' as const, address: email }] : [];
    const isNew = await this.staff.addIn(tx, id, { name, timeZone: 'UTC', doNotDisturb: [], externalRef: ref, contactMethods }, by);
    const [member] = isNew ? [{ id }] : await this.staff.byRefs(tx, [ref]);
    ids.set(ref, member!.id);
    return isNew ? 'new' : 'known';
  }

  private async addSchedule(
    tx: Tx, ids: ReadonlyMap<string, string>, { ref, covers, ...planned }: ImportPlan['schedules'][number], { by, leftOut }: { by: string | undefined; leftOut: ImportPlan['leftOut'] },
  ): Promise<Fate | null> {
    const idsOf = (refs: string[]): string[] => refs.map((each) => ids.get(each)!);
    const layers = planned.layers.map((layer) => ({ ...layer, rotation: layer.rotation.map(idsOf) }));
    const wanted = newScheduleSchema.safeParse({ ...planned, layers, externalRef: ref });
    if (!wanted.success) {
      leftOut.push({ path: ref, why: wanted.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') });
      return null;
    }
    const id = uuidOf(`${tx.tenantId}/schedule/import/${ref}/${this.clock.ms()}`);
    if (!(await this.schedules.addIn(tx, id, wanted.data, by))) return (await this.schedules.hasRef(tx, ref)) ? 'known' : 'name_taken';
    const createdAt = this.clock.now();
    for (const [i, { from, until, staff }] of covers.entries()) {
      await this.exceptions.addIn(tx, {
        id: uuidOf(`${id}/cover/${i}`), scheduleId: id, kind: 'cover', startsAt: from > createdAt ? from : createdAt, endsAt: until, removes: null, staff: idsOf(staff), reason: `from ${ref}`,
        madeBy: by ?? null, createdAt: new Date(createdAt.getTime() + i),
      }, digestOf([ref, i]));
    }
    return 'new';
  }
}

/** Takes a dry run's report out of its transaction, which is rolled back. */
class Undone extends Error {
  constructor(readonly report: ImportReport) {
    super('a dry run');
  }
}
