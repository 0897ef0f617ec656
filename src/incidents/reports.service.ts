import { Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { EscalationService } from '../escalation/escalation.service.js';
import type { LoggedAttempt, LogPage, Range } from '../escalation/escalation.types.js';
import { OncallService } from '../oncall/oncall.service.js';
import { PoliciesService } from '../policies/policies.service.js';
import { StaffService } from '../staff/staff.service.js';
import { reportCsv } from './csv.policy.js';
import { burdens, namedOf, pairOf } from './figures.policy.js';
import type { OncallReport } from './incidents.types.js';

type After = { at: Date; id: string } | null;

/** Some 3 MB of text. */
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
    const { history } = this.escalation;
    return pageByPage(history.heads.attempts, (after) => history.attemptLines(tenantId, range, after, CSV_PAGE));
  }

  incidentsCsv(tenantId: string, range: Range): AsyncGenerator<string> {
    const { history } = this.escalation;
    return pageByPage(history.heads.incidents, (after) => history.incidentLines(tenantId, range, after, CSV_PAGE));
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

async function* pageByPage(head: string, read: (after: After) => Promise<LogPage | null>): AsyncGenerator<string> {
  yield head;
  for (let next: Promise<LogPage | null> | null = read(null); next;) {
    const page: LogPage | null = await next;
    // The next page is on its way while this one is written.
    next = page?.count === CSV_PAGE ? read(page) : null;
    next?.catch(() => undefined);
    if (page) yield page.lines;
  }
}
