import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { z } from 'zod';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import type { Caller, PageQuery } from '../tenancy/tenancy.types.js';
import {
  conversationSchema, conversationsSchema, type ConversationsQuery, conversationsQuery, type Decision, decisionSchema, participantSchema, shownTransition,
  transitionsQuery, transitionsSchema,
} from './conversations.schemas.js';
import { ConversationsService } from './conversations.service.js';
import type { NamedConversation, Participant } from './conversations.types.js';

/** One conversation per contact, whatever channels they use. */
@Controller('api/v1/conversations')
@ManagementApi('Conversations')
export class ConversationsController {
  constructor(private readonly conversations: ConversationsService) {}

  @Get()
  @ApiOperation({ operationId: 'listConversations', summary: 'Conversations, oldest first' })
  @Answers(conversationsSchema, 'A page of conversations')
  async list(
    @CurrentCaller() { tenantId }: Caller, @Query({ schema: conversationsQuery }) query: ConversationsQuery,
  ): Promise<Page<NamedConversation>> {
    const { limit, cursor, owner = null, address = null } = query;
    const rows = await this.conversations.list(tenantId, { owner, address, after: cursor, limit: limit + 1 });
    return pageOf(rows, limit, (row) => ({ at: row.createdAt, id: row.conversationSid }));
  }

  @Get(':conversationSid')
  @ApiOperation({ operationId: 'getConversation', summary: 'One conversation' })
  @Answers(conversationSchema, 'The conversation')
  get(@CurrentCaller() { tenantId }: Caller, @Param('conversationSid') conversationSid: string): Promise<NamedConversation> {
    return this.conversations.namedConversation(tenantId, conversationSid);
  }

  @Get(':conversationSid/transitions')
  @ApiOperation({
    operationId: 'listTransitions', summary: 'What happened in it, oldest first',
    description: 'Every change of state: of the owner, of each delivery, of whatever else has states. With its cause, in words.',
  })
  @Answers(transitionsSchema, 'A page of transitions')
  async transitions(
    @CurrentCaller() { tenantId }: Caller, @Param('conversationSid') conversationSid: string, @Query({ schema: transitionsQuery }) { limit, cursor }: PageQuery,
  ): Promise<Page<ReturnType<typeof shownTransition>>> {
    const rows = await this.conversations.transitions(tenantId, conversationSid, cursor, limit + 1);
    return pageOf(rows.map(shownTransition), limit, ({ at, id }) => ({ at, id }));
  }

  @Get(':conversationSid/participants')
  @ApiOperation({ operationId: 'listParticipants', summary: 'The addresses that take part in it' })
  @Answers(z.array(participantSchema), 'All participants')
  participants(@CurrentCaller() { tenantId }: Caller, @Param('conversationSid') conversationSid: string): Promise<Participant[]> {
    return this.conversations.participantsOf(tenantId, conversationSid);
  }

  @Post(':conversationSid/owner')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'changeOwner', summary: 'Take over, hand back or close',
    description: 'staff_took_over silences the assistant, staff_handed_back lets it speak again, closed ends the conversation until the customer writes again.',
  })
  @ApiConflictResponse({ description: 'The present owner does not allow it' })
  @Answers(conversationSchema, 'The conversation as it is now')
  changeOwner(
    @CurrentCaller() { tenantId }: Caller, @Param('conversationSid') conversationSid: string, @Body({ schema: decisionSchema }) { event, staff }: Decision,
  ): Promise<NamedConversation> {
    return this.conversations.changeOwner(tenantId, conversationSid, { event, cause: `${staff ?? 'a colleague'}, through the API`, staff });
  }
}
