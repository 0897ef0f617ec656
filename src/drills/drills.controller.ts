import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiHeader, ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { z } from 'zod';
import { byQuery, type ByQuery } from '../staff/staff.types.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import { type Caller, type PageQuery, pageQuery } from '../tenancy/tenancy.types.js';
import { drillSchema, drillsSchema, type NewDrillBody, newDrillSchema, type RunNowBody, runNowSchema, runSchema, runsSchema, warningSchema } from './drills.schemas.js';
import { DrillsService } from './drills.service.js';
import type { Drill, DrillRun, DrillWithLast, RunWithResult, Warning } from './drills.types.js';
import { WarningsService } from './warnings.service.js';

/** Rehearsals, and what would go wrong. */
@Controller('api/v1')
@ManagementApi('On-call')
export class DrillsController {
  constructor(
    private readonly drills: DrillsService,
    private readonly warnings: WarningsService,
  ) {}

  @Get('drills')
  @ApiOperation({ operationId: 'listDrills', summary: 'Drills that come by themselves, oldest first, each with how the last one went' })
  @Answers(drillsSchema, 'A page of drills')
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<DrillWithLast>> {
    return pageOf(await this.drills.list(tenantId, cursor, limit + 1), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  }

  @Post('drills')
  @ApiOperation({
    operationId: 'addDrill', summary: 'Rehearse every so many weeks', description: 'At that time on the clock of the zone a drill goes through the policy as a real incident does; every text and call says that it is one.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Any text of your own: the same key twice is one drill.' })
  @ApiConflictResponse({ description: 'The key came with another drill before' })
  @Answers(drillSchema, 'The new drill', 201)
  add(@CurrentCaller() { tenantId }: Caller, @Body({ schema: newDrillSchema }) { by, ...wanted }: NewDrillBody, @Headers('Idempotency-Key') key?: string): Promise<Drill> {
    return this.drills.add(tenantId, wanted, by, key);
  }

  @Delete('drills/:id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeDrill', summary: 'Rehearse no more' })
  @ApiNoContentResponse({ description: 'It is removed. One that goes on goes on' })
  remove(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Query({ schema: byQuery }) { by }: ByQuery): Promise<void> {
    return this.drills.remove(tenantId, id, by);
  }

  @Post('drills/:id/run')
  @ApiOperation({ operationId: 'runDrill', summary: 'Rehearse now, besides' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Any text of your own: the same key twice is one run.' })
  @Answers(runSchema, 'It begins', 201)
  run(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Body({ schema: runNowSchema }) { by }: RunNowBody, @Headers('Idempotency-Key') key?: string): Promise<DrillRun> {
    return this.drills.runNow(tenantId, id, by, key);
  }

  @Get('drills/:id/runs')
  @ApiOperation({ operationId: 'listDrillRuns', summary: 'How the drills went, oldest first' })
  @Answers(runsSchema, 'A page of them')
  async runs(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<RunWithResult>> {
    return pageOf(await this.drills.runs(tenantId, id, cursor, limit + 1), limit, (run) => ({ at: run.createdAt, id: run.id }));
  }

  @Get('preflight/warnings')
  @ApiOperation({
    operationId: 'listPreflightWarnings', summary: 'What would go wrong in an emergency', description: 'Senders, policies and their steps over the next 14 days, the fallback number, and drills that nobody took.',
  })
  @Answers(z.array(warningSchema), 'Warnings, the critical ones first; none: all is well')
  preflight(@CurrentCaller() { tenantId }: Caller): Promise<Warning[]> {
    return this.warnings.warnings(tenantId);
  }
}
