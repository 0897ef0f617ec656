import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiHeader, ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { byQuery, type ByQuery } from '../staff/staff.types.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import { type Caller, type PageQuery, pageQuery } from '../tenancy/tenancy.types.js';
import { type NewPolicyBody, newPolicySchema, policiesSchema, type PolicyChangeBody, policyChangeSchema, policySchema } from './policies.schemas.js';
import type { Policy } from './policies.types.js';
import { PoliciesService } from './policies.service.js';

/** Who is told of incidents. */
@Controller('api/v1/policies')
@ManagementApi('On-call')
export class PoliciesController {
  constructor(private readonly policies: PoliciesService) {}

  @Get()
  @ApiOperation({ operationId: 'listPolicies', summary: 'Policies, oldest first' })
  @Answers(policiesSchema, 'A page of policies')
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<Policy>> {
    return pageOf(await this.policies.list(tenantId, cursor, limit + 1), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  }

  @Post()
  @ApiOperation({ operationId: 'addPolicy', summary: 'Say who is told of an incident, in which order' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Any text of your own: the same key twice is one policy.' })
  @ApiConflictResponse({ description: 'The key came with another policy before, or the name is taken' })
  @Answers(policySchema, 'The new policy', 201)
  add(@CurrentCaller() { tenantId }: Caller, @Body({ schema: newPolicySchema }) { by, ...wanted }: NewPolicyBody, @Headers('Idempotency-Key') key?: string): Promise<Policy> {
    return this.policies.add(tenantId, wanted, by, key);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getPolicy', summary: 'One policy' })
  @Answers(policySchema, 'The policy')
  one(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string): Promise<Policy> {
    return this.policies.policy(tenantId, id);
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'changePolicy', summary: 'Change a policy', description: 'What is left out stays. Incidents that go on keep it as it was.' })
  @ApiConflictResponse({ description: 'Somebody else has changed it since it was read' })
  @Answers(policySchema, 'The policy as it is now')
  change(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Body({ schema: policyChangeSchema }) { by, version, name, steps, rounds, slaSeconds }: PolicyChangeBody): Promise<Policy> {
    return this.policies.change(tenantId, id, { version, ...(name ? { name } : {}), ...(steps ? { steps } : {}), ...(rounds ? { rounds } : {}), ...(slaSeconds === undefined ? {} : { slaSeconds }) }, by);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removePolicy', summary: 'Remove a policy' })
  @ApiNoContentResponse({ description: 'It is removed' })
  remove(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Query({ schema: byQuery }) { by }: ByQuery): Promise<void> {
    return this.policies.remove(tenantId, id, by);
  }
}
