import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiHeader, ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import type { Transition } from '@throughline/database/transitions.js';
import { byQuery, type ByQuery, changesSchema } from '../staff/staff.types.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import { type Caller, type PageQuery, pageQuery } from '../tenancy/tenancy.types.js';
import { type NewScheduleBody, newScheduleSchema, type ScheduleChangeBody, scheduleChangeSchema, scheduleSchema, schedulesSchema } from './oncall.schemas.js';
import type { Schedule } from './oncall.types.js';
import { SchedulesService } from './schedules.service.js';

/** Who takes turns with whom. */
@Controller('api/v1/schedules')
@ManagementApi('On-call')
export class SchedulesController {
  constructor(private readonly schedules: SchedulesService) {}

  @Get()
  @ApiOperation({ operationId: 'listSchedules', summary: 'Schedules, oldest first' })
  @Answers(schedulesSchema, 'A page of schedules')
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<Schedule>> {
    return pageOf(await this.schedules.list(tenantId, cursor, limit + 1), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  }

  @Post()
  @ApiOperation({ operationId: 'addSchedule', summary: 'Add a schedule' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Any text of your own: the same key twice is one schedule.' })
  @ApiConflictResponse({ description: 'The name or the externalRef is taken, or the key came with another schedule before' })
  @Answers(scheduleSchema, 'The new schedule', 201)
  add(@CurrentCaller() { tenantId }: Caller, @Body({ schema: newScheduleSchema }) { by, ...wanted }: NewScheduleBody, @Headers('Idempotency-Key') key?: string): Promise<Schedule> {
    return this.schedules.add(tenantId, wanted, { by, key });
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getSchedule', summary: 'One schedule' })
  @Answers(scheduleSchema, 'The schedule')
  one(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string): Promise<Schedule> {
    return this.schedules.schedule(tenantId, id);
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'changeSchedule', summary: 'Change a schedule, at once', description: 'What is left out stays.' })
  @ApiConflictResponse({ description: 'Somebody else has changed it since it was read, or the name is taken' })
  @Answers(scheduleSchema, 'The schedule as it is now')
  change(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Body({ schema: scheduleChangeSchema }) body: ScheduleChangeBody): Promise<Schedule> {
    const { version, name, timeZone, layers, by } = body;
    const change = { ...(name === undefined ? {} : { name }), ...(timeZone === undefined ? {} : { timeZone }), ...(layers === undefined ? {} : { layers }) };
    return this.schedules.change(tenantId, id, { version, ...change }, { by });
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeSchedule', summary: 'Nobody is on call by it any more' })
  @ApiNoContentResponse({ description: 'It is removed' })
  remove(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Query({ schema: byQuery }) doing: ByQuery): Promise<void> {
    return this.schedules.remove(tenantId, id, doing);
  }

  @Get(':id/changes')
  @ApiOperation({ operationId: 'listScheduleChanges', summary: 'What was changed about it, overrides and covers included, oldest first' })
  @Answers(changesSchema, 'A page of changes')
  async changes(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<Transition>> {
    return pageOf(await this.schedules.changes(tenantId, id, cursor, limit + 1), limit, ({ at, id }) => ({ at, id }));
  }
}
