import { Controller, Get, Param, Res, StreamableFile } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import { notFound } from '@throughline/kernel/errors.js';
import { isUuid } from '@throughline/kernel/ids.js';
import type { Response } from 'express';
import { CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import type { Caller } from '../tenancy/tenancy.types.js';
import { isShownInPlace } from './media.policy.js';
import { MediaService } from './media.service.js';
import { disposition } from './outgoing.policy.js';

@Controller('api/v1/conversations/:conversationSid/messages/:messageId/media')
@ManagementApi('Conversations')
export class MediaController {
  constructor(private readonly media: MediaService) {}

  @Get(':position')
  @ApiOperation({ operationId: 'getMedia', summary: 'One attachment of a message', description: '`position` counts from 0. The `href` of each attachment in the thread leads here.' })
  @ApiProduces('image/*', 'audio/*', 'video/*', 'application/pdf', 'application/octet-stream')
  @ApiOkResponse({ description: 'The file', schema: { type: 'string', format: 'binary' } })
  @ApiNotFoundResponse({ description: 'There is no such attachment, or it was not kept; `detail` says why' })
  @ApiAcceptedResponse({ description: 'It is still being fetched; ask again after the seconds in `Retry-After`' })
  async get(
    @CurrentCaller() { tenantId }: Caller, @Param('conversationSid') conversationSid: string, @Param('messageId') messageId: string,
    @Param('position') position: string, @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile | undefined> {
    if (!isUuid(messageId) || !/^\d{1,2}$/.test(position)) throw notFound('attachment', `${messageId}/${position}`);
    const content = await this.media.content(tenantId, conversationSid, messageId, Number(position));
    if (!content) {
      response.status(202).setHeader('Retry-After', '1');
      return undefined;
    }
    const { contentType, filename, bytes } = content;
    response.setHeader('Cache-Control', 'private, max-age=86400, immutable');
    // One browser may be several tenants' staff, and a token may be taken back.
    response.vary('Authorization, Tenant-Id');
    // Whatever it turns out to be, it runs nothing here.
    response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
    return new StreamableFile(bytes, { type: contentType, length: bytes.length, disposition: disposition(isShownInPlace(contentType) ? 'inline' : 'attachment', filename) });
  }
}
