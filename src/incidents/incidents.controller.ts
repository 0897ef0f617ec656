import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiHeader, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import type { Incident } from '../escalation/escalation.types.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import { type Caller, type PageQuery, pageQuery } from '../tenancy/tenancy.types.js';
import {
  incidentLogSchema, incidentSchema, incidentsSchema, type NewIncidentBody, newIncidentSchema, takenSchema, type TakingBody, takingSchema,
} from './incidents.schemas.js';
import { type IncidentLog, IncidentsService } from './incidents.service.js';

/** Incidents: reported, taken, called off, and read about. */
@Controller('api/v1')
@ManagementApi('On-call')
export class IncidentsController {
  constructor(private readonly incidents: IncidentsService) {}

  @Get('incidents')
  @ApiOperation({ operationId: 'listIncidents', summary: 'Incidents, oldest first' })
  @Answers(incidentsSchema, 'A page of incidents')
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<Incident>> {
    return pageOf(await this.incidents.list(tenantId, cursor, limit + 1), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  }

  @Post('incidents')
  @ApiOperation({ operationId: 'reportIncident', summary: 'Report an incident: the people on call are told at once, by call and text' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Any text of your own: the same key twice is one report.' })
  @ApiConflictResponse({ description: 'The key came with another incident before, or there is no policy' })
  @Answers(incidentSchema, 'The incident; one that was there, where this report joins it', 201)
  report(@CurrentCaller() { tenantId }: Caller, @Body({ schema: newIncidentSchema }) body: NewIncidentBody, @Headers('Idempotency-Key') key?: string): Promise<Incident> {
    return this.incidents.report(tenantId, body, key);
  }

  @Get('incidents/:id')
  @ApiOperation({ operationId: 'getIncident', summary: 'One incident with its log: every text and call, and every change' })
  @Answers(incidentLogSchema, 'The incident and its log')
  one(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string): Promise<IncidentLog> {
    return this.incidents.log(tenantId, id);
  }

  @Post('incidents/:id/acknowledge')
  @HttpCode(200)
  @ApiOperation({ operationId: 'acknowledgeIncident', summary: 'Take an incident: all calling and texting about it stops, and the others are told who has it' })
  @Answers(takenSchema, 'The incident, and whether this was the first')
  acknowledge(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Body({ schema: takingSchema }) { by }: TakingBody): Promise<{ incident: Incident; isFirst: boolean }> {
    return this.incidents.acknowledge(tenantId, id, by);
  }

  @Post('incidents/:id/cancel')
  @HttpCode(200)
  @ApiOperation({ operationId: 'cancelIncident', summary: 'Call an incident off' })
  @ApiConflictResponse({ description: 'Somebody has it' })
  @Answers(incidentSchema, 'The incident as it is now')
  cancel(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Body({ schema: takingSchema }) { by }: TakingBody): Promise<Incident> {
    return this.incidents.cancel(tenantId, id, by);
  }
}
