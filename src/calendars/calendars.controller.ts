import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiHeader, ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { byQuery, type ByQuery } from '../staff/staff.types.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import { type Caller, type PageQuery, pageQuery } from '../tenancy/tenancy.types.js';
import { calendarSchema, calendarsSchema, type NewCalendarBody, newCalendarSchema } from './calendars.schemas.js';
import { CalendarsService, type ReachableCalendar } from './calendars.service.js';

/** Addresses by which calendar programs fetch shifts. */
@Controller('api/v1/schedules/:scheduleId/calendars')
@ManagementApi('On-call')
export class CalendarsController {
  constructor(private readonly calendars: CalendarsService) {}

  @Get()
  @ApiOperation({ operationId: 'listCalendars', summary: 'Calendars of the schedule, oldest first' })
  @Answers(calendarsSchema, 'A page of calendars')
  async list(
    @CurrentCaller() { tenantId }: Caller, @Param('scheduleId') scheduleId: string, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery,
  ): Promise<Page<ReachableCalendar>> {
    return pageOf(await this.calendars.list(tenantId, scheduleId, cursor, limit + 1), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  }

  @Post()
  @ApiOperation({
    operationId: 'addCalendar', summary: 'An address that calendar programs subscribe to',
    description: 'Somebody\'s shifts, or everybody\'s and the gaps: two weeks back and eleven ahead, as the schedule stands, overrides and covers included. Who knows the address can read them; removed, it leads nowhere.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Any text of your own: the same key twice for one schedule is one.' })
  @ApiConflictResponse({ description: 'The key came with something else before, or the schedule has 200 of them' })
  @Answers(calendarSchema, 'The new calendar', 201)
  add(
    @CurrentCaller() { tenantId }: Caller, @Param('scheduleId') scheduleId: string, @Body({ schema: newCalendarSchema }) { staffId, by }: NewCalendarBody, @Headers('Idempotency-Key') key?: string,
  ): Promise<ReachableCalendar> {
    return this.calendars.add(tenantId, scheduleId, staffId, { by, key });
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeCalendar', summary: 'Its address leads nowhere from now on' })
  @ApiNoContentResponse({ description: 'It is removed' })
  remove(@CurrentCaller() { tenantId }: Caller, @Param('scheduleId') scheduleId: string, @Param('id') id: string, @Query({ schema: byQuery }) doing: ByQuery): Promise<void> {
    return this.calendars.remove(tenantId, scheduleId, id, doing);
  }
}
