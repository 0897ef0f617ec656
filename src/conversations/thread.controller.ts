import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ApiConflictResponse, ApiHeader, ApiOperation } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import type { Caller } from '../tenancy/tenancy.types.js';
import { messageSchema, shownMessage, staffWordsSchema, type StaffWordsBody, type ThreadQuery, threadQuery } from './conversations.schemas.js';
import { ConversationsService } from './conversations.service.js';
import type { Message } from './conversations.types.js';

/** The one thread of a conversation, across all channels. */
@Controller('api/v1/conversations/:conversationSid/messages')
@ManagementApi('Conversations')
export class ThreadController {
  constructor(private readonly conversations: ConversationsService) {}

  @Get()
  @ApiOperation({
    operationId: 'listMessages', summary: 'Its messages, oldest first',
    description: 'A bare array. When there is more, the header `Link: <…>; rel="next"` names the next page, relative to this one.',
  })
  @Answers(z.array(messageSchema), 'A page of messages')
  async list(
    @CurrentCaller() { tenantId }: Caller, @Param('conversationSid') conversationSid: string,
    @Query({ schema: threadQuery }) { after, limit }: ThreadQuery, @Res({ passthrough: true }) response: Response,
  ): Promise<Message[]> {
    const rows = await this.conversations.thread(tenantId, conversationSid, { afterSeq: after, limit: limit + 1 });
    const page = rows.slice(0, limit);
    if (rows.length > limit) {
      response.setHeader('Link', `</api/v1/conversations/${conversationSid}/messages?after=${page.at(-1)!.seq}&limit=${limit}>; rel="next"`);
    }
    return page.map(shownMessage);
  }

  @Post()
  @ApiOperation({
    operationId: 'writeToCustomer', summary: 'Write to the customer, as staff',
    description:
      'The staff member takes the conversation over, the message goes to where the customer wrote last and is mirrored into the Conversation. ' +
      'Answers as soon as the message is kept; `status` tells later what became of it. Files are handed in before, with `POST …/attachments`.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Any text of your own: the same key twice in one conversation is one message.' })
  @ApiConflictResponse({ description: 'A specialist is speaking, or the key came with another message before' })
  @Answers(messageSchema, 'The message', 201)
  async write(
    @CurrentCaller() { tenantId }: Caller, @Param('conversationSid') conversationSid: string,
    @Body({ schema: staffWordsSchema }) words: StaffWordsBody, @Headers('Idempotency-Key') key?: string,
  ): Promise<Message> {
    return shownMessage(await this.conversations.staffSays(tenantId, { ...words, conversationSid, key }));
  }
}
