import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiHeader, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import type { Caller } from '../tenancy/tenancy.types.js';
import { type CallRequestBody, callRequestSchema, callsQuery, type CallsQuery, outboundCallSchema, outboundCallsSchema, shownCall } from './outbound.schemas.js';
import { OutboundService } from './outbound.service.js';

type Shown = ReturnType<typeof shownCall>;

/** Calls that the assistant makes. */
@Controller('api/v1/calls')
@ManagementApi('Calls')
export class OutboundController {
  constructor(private readonly outbound: OutboundService) {}

  @Post()
  @ApiOperation({
    operationId: 'makeCall', summary: 'Have somebody called by the assistant',
    description:
      'Only at a number that is theirs for sure, and only with their consent to calls of this kind (`POST /contacts/{id}/consents` with `channel: voice`), unless they have said stop since. ' +
      'It waits for the end of quiet hours where they are, while they are on the phone, while a colleague has the conversation, and while too many are called at once; what is too late then is refused. ' +
      'What is said is in the thread.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Any text of your own: the same key twice is one call.' })
  @ApiConflictResponse({ description: 'They have not agreed to be called, no number is theirs for sure, or the key came with another call before' })
  @Answers(outboundCallSchema, 'The call, which is made as soon as it may be', 201)
  async make(@CurrentCaller() { tenantId }: Caller, @Body({ schema: callRequestSchema }) body: CallRequestBody, @Headers('Idempotency-Key') key?: string): Promise<Shown> {
    return shownCall(await this.outbound.request(tenantId, { ...body, requestedBy: 'api', key }));
  }

  @Get()
  @ApiOperation({ operationId: 'listCalls', summary: 'Calls that we make, oldest first' })
  @Answers(outboundCallsSchema, 'A page of calls')
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: callsQuery }) query: CallsQuery): Promise<Page<Shown>> {
    const { limit, cursor, state = null, conversationSid = null } = query;
    const rows = await this.outbound.list(tenantId, { state, conversationSid, after: cursor, limit: limit + 1 });
    return pageOf(rows.map(shownCall), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getCall', summary: 'One call that we make' })
  @Answers(outboundCallSchema, 'The call')
  async get(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string): Promise<Shown> {
    return shownCall(await this.outbound.call(tenantId, id));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({ operationId: 'cancelCall', summary: 'Call it off', description: 'A phone that rings falls silent. Twice is once.' })
  @ApiConflictResponse({ description: 'Somebody has picked up, or it has ended' })
  @Answers(outboundCallSchema, 'The call as it is now')
  async cancel(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string): Promise<Shown> {
    return shownCall(await this.outbound.cancel(tenantId, id));
  }
}
