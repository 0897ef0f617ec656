import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import type { LoggedAttempt } from '../escalation/escalation.types.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import type { Caller } from '../tenancy/tenancy.types.js';
import type { OncallReport } from './incidents.types.js';
import { attemptsSchema, type LogQuery, logQuery, oncallReportSchema, type RangeQuery, rangeQuery } from './reports.schemas.js';
import { ReportsService } from './reports.service.js';

const AS_CSV = { description: 'A table', schema: { type: 'string' } } as const;

/** The log of incidents over any time, and its figures. */
@Controller('api/v1')
@ManagementApi('On-call')
export class ReportsController {
  constructor(private readonly reports: ReportsService) {}

  @Get('incident-attempts')
  @ApiOperation({ operationId: 'listIncidentAttempts', summary: 'Every text and call about incidents in a time, on every channel, each with its changes of state, oldest first' })
  @Answers(attemptsSchema, 'A page of attempts')
  async attempts(@CurrentCaller() { tenantId }: Caller, @Query({ schema: logQuery }) { limit, cursor, ...range }: LogQuery): Promise<Page<LoggedAttempt>> {
    return pageOf(await this.reports.attempts(tenantId, range, cursor, limit + 1), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  }

  @Get('incident-attempts.csv')
  @ApiOperation({ operationId: 'getIncidentAttemptsCsv', summary: 'The same for a spreadsheet, all of it' })
  @ApiProduces('text/csv')
  @ApiOkResponse(AS_CSV)
  attemptsCsv(@CurrentCaller() { tenantId }: Caller, @Query({ schema: rangeQuery }) range: RangeQuery): StreamableFile {
    return csv('incident-attempts.csv', this.reports.attemptsCsv(tenantId, range));
  }

  @Get('incidents.csv')
  @ApiOperation({ operationId: 'getIncidentsCsv', summary: 'Every incident that was opened in a time, for a spreadsheet' })
  @ApiProduces('text/csv')
  @ApiOkResponse(AS_CSV)
  incidentsCsv(@CurrentCaller() { tenantId }: Caller, @Query({ schema: rangeQuery }) range: RangeQuery): StreamableFile {
    return csv('incidents.csv', this.reports.incidentsCsv(tenantId, range));
  }

  @Get('reports/on-call')
  @ApiOperation({
    operationId: 'getOncallReport', summary: 'How soon people were told and took it, of the incidents that were opened in a time',
    description: 'For all of them, for each policy and for each schedule; drills apart; and who took how many and was disturbed how often. Every figure can be made again from `incidents.csv` and `incident-attempts.csv`.',
  })
  @Answers(oncallReportSchema, 'The figures')
  report(@CurrentCaller() { tenantId }: Caller, @Query({ schema: rangeQuery }) range: RangeQuery): Promise<OncallReport> {
    return this.reports.report(tenantId, range);
  }

  @Get('reports/on-call.csv')
  @ApiOperation({ operationId: 'getOncallReportCsv', summary: 'The same for a spreadsheet, without what is about single people' })
  @ApiProduces('text/csv')
  @ApiOkResponse(AS_CSV)
  async reportCsv(@CurrentCaller() { tenantId }: Caller, @Query({ schema: rangeQuery }) range: RangeQuery): Promise<StreamableFile> {
    return csv('on-call.csv', [await this.reports.reportCsv(tenantId, range)]);
  }
}

const csv = (name: string, lines: AsyncIterable<string> | Iterable<string>): StreamableFile =>
  new StreamableFile(Readable.from(lines, { objectMode: false }), { type: 'text/csv; charset=utf-8', disposition: `attachment; filename="${name}"` });
