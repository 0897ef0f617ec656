import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiHeader, ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { z } from 'zod';
import { byQuery, type ByQuery } from '../staff/staff.types.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import { type Caller, type PageQuery, pageQuery } from '../tenancy/tenancy.types.js';
import { ExceptionsService } from './exceptions.service.js';
import {
  exceptionSchema, exceptionsSchema, type NewCoverBody, newCoverSchema, type NewOverrideBody, newOverrideSchema, type NewSwapBody, newSwapSchema,
} from './oncall.schemas.js';
import type { ScheduleException } from './oncall.types.js';

const KEY = { name: 'Idempotency-Key', required: false, description: 'Any text of your own: the same key twice for one schedule is one.' };
const KEY_USED = { description: 'The key came with something else before' };

/** What is said about a schedule for a while. */
@Controller('api/v1/schedules/:scheduleId')
@ManagementApi('On-call')
export class ExceptionsController {
  constructor(private readonly exceptions: ExceptionsService) {}

  @Get('exceptions')
  @ApiOperation({ operationId: 'listScheduleExceptions', summary: 'Overrides and covers that are not over, in the order in which they were made' })
  @Answers(exceptionsSchema, 'A page of overrides and covers')
  async list(@CurrentCaller() { tenantId }: Caller, @Param('scheduleId') scheduleId: string, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<ScheduleException>> {
    return pageOf(await this.exceptions.list(tenantId, scheduleId, cursor, limit + 1), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  }

  @Post('overrides')
  @ApiOperation({ operationId: 'addOverride', summary: 'Replace, remove or add somebody for a while', description: 'It changes what earlier ones have left.' })
  @ApiHeader(KEY)
  @ApiConflictResponse(KEY_USED)
  @Answers(exceptionSchema, 'The override', 201)
  override(
    @CurrentCaller() { tenantId }: Caller, @Param('scheduleId') scheduleId: string, @Body({ schema: newOverrideSchema }) body: NewOverrideBody, @Headers('Idempotency-Key') key?: string,
  ): Promise<ScheduleException> {
    const { from, until, remove, add, reason, by } = body;
    return this.exceptions.add(tenantId, scheduleId, { kind: 'override', startsAt: from, endsAt: until, removes: remove, staff: add ? [add] : [], reason }, { by, key });
  }

  @Post('swaps')
  @ApiOperation({ operationId: 'addSwap', summary: 'Two take each other\'s stretch', description: 'Two overrides, made together or not at all.' })
  @ApiHeader(KEY)
  @ApiConflictResponse(KEY_USED)
  @Answers(z.array(exceptionSchema), 'The two overrides', 201)
  swap(
    @CurrentCaller() { tenantId }: Caller, @Param('scheduleId') scheduleId: string, @Body({ schema: newSwapSchema }) body: NewSwapBody, @Headers('Idempotency-Key') key?: string,
  ): Promise<ScheduleException[]> {
    return this.exceptions.swap(tenantId, scheduleId, [body.one, body.other], body.reason, { by: body.by, key });
  }

  @Post('covers')
  @ApiOperation({ operationId: 'addCover', summary: 'For a while only these are on call', description: 'Whatever layers and overrides say. Of two at one time the later one holds.' })
  @ApiHeader(KEY)
  @ApiConflictResponse(KEY_USED)
  @Answers(exceptionSchema, 'The cover', 201)
  cover(
    @CurrentCaller() { tenantId }: Caller, @Param('scheduleId') scheduleId: string, @Body({ schema: newCoverSchema }) body: NewCoverBody, @Headers('Idempotency-Key') key?: string,
  ): Promise<ScheduleException> {
    const { from, until, staff, reason, by } = body;
    return this.exceptions.add(tenantId, scheduleId, { kind: 'cover', startsAt: from, endsAt: until, removes: null, staff, reason }, { by, key });
  }

  @Delete('exceptions/:exceptionId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'endScheduleException', summary: 'End an override or a cover now', description: 'One that has not begun never does.' })
  @ApiNoContentResponse({ description: 'It is over' })
  end(
    @CurrentCaller() { tenantId }: Caller, @Param('scheduleId') scheduleId: string, @Param('exceptionId') exceptionId: string, @Query({ schema: byQuery }) doing: ByQuery,
  ): Promise<void> {
    return this.exceptions.end(tenantId, scheduleId, exceptionId, doing);
  }
}
