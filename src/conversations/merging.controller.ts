import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import type { Merge } from '../contacts/contacts.types.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import { type Caller, type PageQuery, pageQuery } from '../tenancy/tenancy.types.js';
import {
  mergeBody, type MergeBody, mergeSchema, shownMessage, timelineSchema, undoBody, type UndoBody,
} from './conversations.schemas.js';
import type { Message } from './conversations.types.js';
import { MergingService } from './merging.service.js';

/** Contacts that are one person. */
@Controller('api/v1/contacts')
@ManagementApi('Contacts')
export class MergingController {
  constructor(private readonly merging: MergingService) {}

  @Post(':id/merge')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'mergeContact', summary: 'This contact is the same person as another: it goes into that one',
    description:
      'Its addresses change hands. Its conversation is closed and keeps its messages; what any of the addresses write from now on goes into the ' +
      "other's conversation. Where people had the word, or were awaited, in one of the two, they are so in the other. The same merge twice is one.",
  })
  @ApiConflictResponse({ description: 'One of them has been merged into somebody else, or a specialist is speaking' })
  @Answers(mergeSchema, 'The merge, by whose id it can be undone')
  merge(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Body({ schema: mergeBody }) { intoContactId, staff, reason }: MergeBody): Promise<Merge> {
    return this.merging.merge(tenantId, { absorbedId: id, survivingId: intoContactId, staff, reason: reason ?? null });
  }

  @Post('merges/:mergeId/undo')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'undoMerge', summary: 'They are two people after all',
    description: 'What the merge moved goes back, with what of the absorbed person came since. Messages stay where they were written. Twice is once.',
  })
  @ApiConflictResponse({ description: 'The surviving contact has been merged into another one since: undo that first' })
  @Answers(mergeSchema, 'The merge as it is now')
  undo(@CurrentCaller() { tenantId }: Caller, @Param('mergeId') mergeId: string, @Body({ schema: undoBody }) { staff }: UndoBody): Promise<Merge> {
    return this.merging.undo(tenantId, mergeId, staff);
  }

  @Get(':id/timeline')
  @ApiOperation({ operationId: 'listTimeline', summary: 'All messages with this person, oldest first, also of conversations that were merged into theirs' })
  @Answers(timelineSchema, 'A page of messages')
  async timeline(
    @CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery,
  ): Promise<Page<Message>> {
    const rows = await this.merging.timeline(tenantId, id, cursor?.id ?? null, limit + 1);
    return pageOf(rows.map(shownMessage), limit, ({ createdAt, id: messageId }) => ({ at: createdAt, id: messageId }));
  }
}
