import { Body, Controller, HttpCode, Post, Req, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import { ApiShapePipe } from '../tenancy/tenancy.guard.js';
import type { ChatSession, Lead } from '../visitors/visitors.types.js';
import { ChatLimits } from './chat.limits.js';
import { type Code, codeSchema, type CodeWish, codeWishSchema, type LeadChange, leadSchema } from './chat.schemas.js';
import { LeadService } from './lead.service.js';
import { ChatGuard, CurrentSession } from './webchat.guard.js';

/** Who a visitor says they are, and how they show it. */
@ApiExcludeController()
@Controller('api/chat/lead')
@UseGuards(ChatGuard)
@UsePipes(ApiShapePipe)
export class ChatLeadController {
  constructor(
    private readonly lead: LeadService,
    private readonly limits: ChatLimits,
  ) {}

  @Post()
  @HttpCode(200)
  set(@CurrentSession() session: ChatSession, @Body({ schema: leadSchema }) change: LeadChange): Promise<Lead> {
    return this.lead.set(session, change);
  }

  @Post('code')
  @HttpCode(204)
  code(@CurrentSession() session: ChatSession, @Req() request: Request, @Body({ schema: codeWishSchema }) { address }: CodeWish): Promise<void> {
    return this.lead.sendCode(session, this.limits.ipOf(request), address);
  }

  @Post('check')
  @HttpCode(200)
  check(@CurrentSession() session: ChatSession, @Req() request: Request, @Body({ schema: codeSchema }) code: Code): Promise<{ outcome: string; lead: Lead }> {
    return this.lead.checkCode(session, this.limits.ipOf(request), code);
  }
}
