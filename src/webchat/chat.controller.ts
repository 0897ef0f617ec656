import { Body, Controller, Get, Header, HttpCode, Post, Query, Req, Res, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { HubError } from '@throughline/kernel/errors.js';
import type { Request, Response } from 'express';
import { ApiShapePipe } from '../tenancy/tenancy.guard.js';
import type { ChatSession } from '../visitors/visitors.types.js';
import { ChatLimits } from './chat.limits.js';
import { type Opening, openingSchema, type PageQuery, pageSchema, type Reading, readSchema, type Sending, sendingSchema } from './chat.schemas.js';
import { ChatService, type OpenedChat } from './chat.service.js';
import type { ChatMessage, ChatPage } from './chat.types.js';
import { ThreadService } from './thread.service.js';
import { ChatGuard, CurrentSession } from './webchat.guard.js';

/** A visitor's way in. docs/webchat.md is its contract. */
@ApiExcludeController()
@Controller('api/chat/sessions')
@UsePipes(ApiShapePipe)
export class ChatSessionsController {
  constructor(
    private readonly chat: ChatService,
    private readonly limits: ChatLimits,
  ) {}

  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  open(@Req() request: Request, @Body({ schema: openingSchema }) opening: Opening): Promise<OpenedChat> {
    const { origin } = request.headers;
    if (!origin) throw new HubError('forbidden', 'forbidden_origin', 'Only pages may ask, which say where they are.');
    return this.chat.open(opening, origin, this.limits.ipOf(request));
  }
}

/** What a visitor reads and writes without a socket. */
@ApiExcludeController()
@Controller('api/chat')
@UseGuards(ChatGuard)
@UsePipes(ApiShapePipe)
export class ChatController {
  constructor(
    private readonly chat: ChatService,
    private readonly thread: ThreadService,
  ) {}

  @Get('messages')
  @Header('Cache-Control', 'no-store')
  messages(@CurrentSession() session: ChatSession, @Query({ schema: pageSchema }) { after, before, limit }: PageQuery): Promise<ChatPage> {
    return this.thread.page(session, { after: after ?? null, before: before ?? null, limit });
  }

  @Post('messages')
  async send(
    @CurrentSession() session: ChatSession, @Body({ schema: sendingSchema }) sending: Sending, @Res({ passthrough: true }) response: Response,
  ): Promise<ChatMessage> {
    const { message, fresh } = await this.chat.send(session, sending);
    response.status(fresh ? 201 : 200);
    return message;
  }

  @Post('read')
  @HttpCode(204)
  read(@CurrentSession() session: ChatSession, @Body({ schema: readSchema }) { upTo }: Reading): Promise<void> {
    return this.thread.read(session, upTo);
  }
}
