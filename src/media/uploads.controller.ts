import { Controller, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBadRequestResponse, ApiBody, ApiConsumes, ApiOperation, ApiPayloadTooLargeResponse } from '@nestjs/swagger';
import express, { type Request, type Response } from 'express';
import { z } from 'zod';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import type { Caller } from '../tenancy/tenancy.types.js';
import { MOST_BYTES } from './media.types.js';
import { OutgoingService } from './outgoing.service.js';

const uploadQuery = z.strictObject({
  filename: z.string().max(255).optional().meta({ description: 'What the file is called where the channel says so', examples: ['directions.pdf'] }),
});

const uploadSchema = z
  .object({
    id: z.string().meta({ format: 'uuid', description: 'To be named in the `attachments` of a message' }), contentType: z.string().meta({ examples: ['application/pdf'] }),
    size: z.int().meta({ description: 'Bytes' }), filename: z.string().nullable(),
  })
  .meta({ id: 'Upload' });

/** Read only after the caller is known: a stranger sends us no megabytes. */
const readBody = express.raw({ type: () => true, limit: MOST_BYTES });

@Controller('api/v1/conversations/:conversationSid/attachments')
@ManagementApi('Conversations')
export class UploadsController {
  constructor(private readonly outgoing: OutgoingService) {}

  @Post()
  @ApiOperation({
    operationId: 'handInFile', summary: 'Hand in a file, to be sent with a message',
    description:
      'The body is the file. What it is, its own first bytes say. It is for this conversation only; what no message takes along within a day is removed. ' +
      'Whether the channel takes it is decided when the message is written.',
  })
  @ApiConsumes('image/*', 'audio/*', 'video/*', 'application/pdf', 'application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiBadRequestResponse({ description: 'It is empty, or of a kind that is not kept here' })
  @ApiPayloadTooLargeResponse({ description: 'It is larger than 16 MB' })
  @Answers(uploadSchema, 'It is kept', 201)
  async handIn(
    @CurrentCaller() { tenantId }: Caller, @Param('conversationSid') conversationSid: string,
    @Query({ schema: uploadQuery }) { filename }: z.output<typeof uploadQuery>, @Req() request: Request, @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    await new Promise<void>((resolve, reject) => readBody(request, response, (error?: unknown) => (error ? reject(error) : resolve())));
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    return this.outgoing.keep(tenantId, conversationSid, { bytes, contentType: request.header('content-type') ?? '', filename });
  }
}
