import { Controller, Get, Param, Res, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { isShownInPlace } from './media.policy.js';
import { OutgoingService } from './outgoing.service.js';
import { disposition } from './outgoing.policy.js';

/** Where Twilio fetches what is sent. Who has the address may read the file, as long as the address is good. */
@Controller('media')
@ApiExcludeController()
export class LinksController {
  constructor(private readonly outgoing: OutgoingService) {}

  @Get(':token')
  async get(@Param('token') token: string, @Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    const { contentType, filename, bytes } = await this.outgoing.open(token);
    response.setHeader('Cache-Control', 'private, no-store');
    response.setHeader('X-Robots-Tag', 'noindex');
    // Whatever it turns out to be, it runs nothing here.
    response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
    return new StreamableFile(bytes, { type: contentType, length: bytes.length, disposition: disposition(isShownInPlace(contentType) ? 'inline' : 'attachment', filename) });
  }
}
