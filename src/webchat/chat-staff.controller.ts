import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { z } from 'zod';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import type { Caller } from '../tenancy/tenancy.types.js';
import { shownVisitorSchema, type StaffTyping, staffTypingSchema } from './chat.schemas.js';
import { type ShownVisitor, StaffService } from './staff.service.js';

/** Web chat as colleagues see it. */
@Controller('api/v1/conversations/:conversationSid')
@ManagementApi('Web chat')
export class ChatStaffController {
  constructor(private readonly staff: StaffService) {}

  @Get('visitors')
  @ApiOperation({ operationId: 'listVisitors', summary: 'Who writes in it through a page', description: 'What a visitor says of themselves is claimed, until it is among `verified`.' })
  @Answers(z.array(shownVisitorSchema), 'The visitors, oldest first')
  visitors(@CurrentCaller() { tenantId }: Caller, @Param('conversationSid') conversationSid: string): Promise<ShownVisitor[]> {
    return this.staff.visitorsIn(tenantId, conversationSid);
  }

  @Post('typing')
  @HttpCode(204)
  @ApiOperation({ operationId: 'showTyping', summary: 'Show the visitor that staff is writing', description: 'Goes out by itself after 10 seconds. Without effect where answers do not go to a page.' })
  @ApiNoContentResponse({ description: 'It is shown to whoever has the page open' })
  typing(@CurrentCaller() { tenantId }: Caller, @Param('conversationSid') conversationSid: string, @Body({ schema: staffTypingSchema }) typing: StaffTyping): Promise<void> {
    return this.staff.types(tenantId, conversationSid, typing);
  }
}
