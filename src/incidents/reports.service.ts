import { Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { EscalationService } from '../escalation/escalation.service.js';
import type { LoggedAttempt, LoggedIncident, Range, ShortAttempt } from '../escalation/escalation.types.js';
import { OncallService } from '../oncall/oncall.service.js';
import { PoliciesService } from '../policies/policies.service.js';
import { StaffService } from '../staff/staff.service.js';
import { attemptsCsv, type Csv, incidentsCsv, reportCsv } from './csv.policy.js';
import { burdens, namedOf, pairOf } from './figures.policy.js';
import type { OncallReport } from './incidents.types.js';

type After = { at: Date; id: string } | null;

const CSV_PAGE = 5_000;

/** What has happened over a time: the log, and the figures that can be made again from it. */
@Injectable()
export class ReportsService {
  constructor(
    private readonly clock: Clock,
    private readonly escalation: EscalationService,
    private readonly policies: PoliciesService,
    private readonly oncall: OncallService,
    private readonly staff: StaffService,
  ) {}

  attempts(tenantId: string, range: Range, after: After, limit: number): Promise<LoggedAttempt[]> {
    return this.escalation.history.attempts(tenantId, range, after, limit);
  }

  /** Line by line, read as it is written: a quarter of a year takes no memory. */
  attemptsCsv(tenantId: string, range: Range): AsyncGenerator<string> {
    return pageByPage(attemptsCsv, (after): Promise<ShortAttempt[]> => this.escalation.history.attemptsInShort(tenantId, range, after, CSV_PAGE));
  }

  incidentsCsv(tenantId: string, range: Range): AsyncGenerator<string> {
    return pageByPage(incidentsCsv, (after): Promise<LoggedIncident[]> => this.escalation.history.incidents(tenantId, range, after, CSV_PAGE));
  }

  async report(tenantId: string, range: Range): Promise<OncallReport> {
    const asOf = this.clock.now();
    const { figures, taken, interruptions } = await this.escalation.history.figures(tenantId, range, asOf);
    const idsOf = (kind: string): string[] => figures.flatMap((row) => (row.kind === kind && row.id ? [row.id] : []));
    const [policies, schedules, staff] = await Promise.all([this.policies.names(tenantId, idsOf('policy')), this.oncall.names(tenantId, idsOf('schedule')), this.staff.everybody(tenantId)]);
    return {
      ...range, asOf, all: pairOf(figures.filter(({ kind }) => kind === 'all')), policies: namedOf(figures, 'policy', policies), schedules: namedOf(figures, 'schedule', schedules),
      staff: burdens(staff, taken, interruptions),
    };
  }

  async reportCsv(tenantId: string, range: Range): Promise<string> {
    return reportCsv(await this.report(tenantId, range));
  }
}

async function* pageByPage<T extends { createdAt: Date; id: string }>({ head, line }: Csv<T>, read: (after: After) => Promise<T[]>): AsyncGenerator<string> {
  yield head;
  for (let next: Promise<T[]> | null = read(null); next;) {
    const page: T[] = await next;
    const last: T | undefined = page.at(-1);
    // The next page is on its way while this one is written.
    next = last && page.length === CSV_PAGE ? read({ at: last.createdAt, id: last.id }) : null;
    next?.catch(() => undefined);
    if (last) yield page.map(line).join('');
  }
}
