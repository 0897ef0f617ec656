import { Controller, Get, Param, Post, Query, Req, Res, StreamableFile, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ApiShapePipe } from '../tenancy/tenancy.guard.js';
import type { ChatSession } from '../visitors/visitors.types.js';
import { AttachmentsService, type BroughtAttachment } from './attachments.service.js';
import { type UploadQuery, uploadSchema } from './chat.schemas.js';
import { ChatGuard, CurrentSession } from './webchat.guard.js';

/** What visitors attach. */
@ApiExcludeController()
@Controller('api/chat')
@UseGuards(ChatGuard)
@UsePipes(ApiShapePipe)
export class ChatAttachmentsController {
  constructor(private readonly attachments: AttachmentsService) {}

  /** The body is read only now that we know whose it is. */
  @Post('attachments')
  bring(@CurrentSession() session: ChatSession, @Req() request: Request, @Query({ schema: uploadSchema }) { name }: UploadQuery): Promise<BroughtAttachment> {
    return this.attachments.bring(session, request, name);
  }

  @Get('media/:id')
  async get(@CurrentSession() session: ChatSession, @Param('id') id: string, @Res({ passthrough: true }) response: Response): Promise<StreamableFile | undefined> {
    const content = await this.attachments.content(session, id);
    if (!content) {
      response.status(202).setHeader('Retry-After', '1');
      return undefined;
    }
    response.setHeader('Cache-Control', 'private, max-age=86400, immutable');
    response.vary('Authorization');
    // Whatever it turns out to be, it runs nothing here.
    response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
    return new StreamableFile(content.bytes, { type: content.contentType, length: content.bytes.length, disposition: 'attachment' });
  }
}
