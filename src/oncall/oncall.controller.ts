import { Readable } from 'node:stream';
import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import { z } from 'zod';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import type { Caller } from '../tenancy/tenancy.types.js';
import {
  type AtQuery, atQuery, gapSchema, onCallSchema, type PreflightQuery, preflightQuery, preflightSchema, shiftSchema, type WindowQuery, windowQuery,
} from './oncall.schemas.js';
import { type NamedShift, OncallService, type SchedulePreflight } from './oncall.service.js';
import type { OnCallNow } from './oncall.types.js';

/** Who is on call. */
@Controller('api/v1')
@ManagementApi('On-call')
export class OncallController {
  constructor(private readonly oncall: OncallService) {}

  @Get('schedules/:scheduleId/on-call')
  @ApiOperation({ operationId: 'getOnCall', summary: 'Who is on call, and how they are reached, in the order in which they are called' })
  @Answers(onCallSchema, 'Those on call; nobody, where it is a gap')
  onCall(@CurrentCaller() { tenantId }: Caller, @Param('scheduleId') scheduleId: string, @Query({ schema: atQuery }) { at }: AtQuery): Promise<OnCallNow> {
    return this.oncall.onCall(tenantId, scheduleId, at);
  }

  @Get('schedules/:scheduleId/shifts')
  @ApiOperation({
    operationId: 'listShifts', summary: 'Who is on call when', description: 'One shift after the other, gaps included. The past is told as the schedule stands now: who was really called is in the log of incidents.',
  })
  @Answers(z.array(shiftSchema), 'Shifts, in order')
  shifts(@CurrentCaller() { tenantId }: Caller, @Param('scheduleId') scheduleId: string, @Query({ schema: windowQuery }) window: WindowQuery): Promise<NamedShift[]> {
    return this.oncall.shifts(tenantId, scheduleId, window);
  }

  @Get('schedules/:scheduleId/gaps')
  @ApiOperation({ operationId: 'listGaps', summary: 'When nobody is on call' })
  @Answers(z.array(gapSchema), 'Gaps, in order')
  gaps(@CurrentCaller() { tenantId }: Caller, @Param('scheduleId') scheduleId: string, @Query({ schema: windowQuery }) window: WindowQuery): Promise<{ from: Date; until: Date }[]> {
    return this.oncall.gaps(tenantId, scheduleId, window);
  }

  @Get('preflight')
  @ApiOperation({
    operationId: 'getPreflight', summary: 'What would become of an incident in the next 14 days',
    description: 'For each schedule, who would be called and on what, from the quarter of an hour that it is now. Stretches in which the same would happen are one.',
  })
  @Answers(z.array(preflightSchema), 'Each schedule, one stretch after the other, without a hole between them')
  preflight(@CurrentCaller() { tenantId }: Caller, @Query({ schema: preflightQuery }) { scheduleId }: PreflightQuery): Promise<SchedulePreflight[]> {
    return this.oncall.preflight(tenantId, scheduleId);
  }

  @Get('preflight.csv')
  @ApiOperation({ operationId: 'getPreflightCsv', summary: 'The same for a spreadsheet: a line for each quarter of an hour, with the worst that happens in it' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ description: 'Lines', schema: { type: 'string' } })
  async preflightCsv(@CurrentCaller() { tenantId }: Caller, @Query({ schema: preflightQuery }) { scheduleId }: PreflightQuery): Promise<StreamableFile> {
    const lines = await this.oncall.preflightCsv(tenantId, scheduleId);
    return new StreamableFile(Readable.from(lines, { objectMode: false }), { type: 'text/csv; charset=utf-8', disposition: 'attachment; filename="preflight.csv"' });
  }
}
