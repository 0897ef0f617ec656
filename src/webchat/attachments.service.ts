import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { HubError, invalid } from '@throughline/kernel/errors.js';
import { MediaService } from '../media/media.service.js';
import { type MediaContent, MOST_BYTES } from '../media/media.types.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import type { ChatSession } from '../visitors/visitors.types.js';
import { ChatLimits } from './chat.limits.js';
import { ThreadService } from './thread.service.js';

/** How long a file may take to come: whoever brings one drop by drop holds a place that others wait for. */
const PATIENCE_MS = 20_000;
/** About one megabit a second. */
const SLOWEST_BYTES_PER_MS = 100;

export interface BroughtAttachment {
  id: string;
  contentType: string;
  size: number;
}

/** Files that a visitor brings, and sees again. */
@Injectable()
export class AttachmentsService {
  constructor(
    private readonly visitors: VisitorsService,
    private readonly media: MediaService,
    private readonly thread: ThreadService,
    private readonly limits: ChatLimits,
  ) {}

  /** @throws HubError `too_large`; `invalid` for what is not kept, or where the widget takes no files; `too_many` */
  async bring(session: ChatSession, request: IncomingMessage & { body?: unknown }, name: string | null): Promise<BroughtAttachment> {
    const declared = request.headers['content-type'] ?? 'application/octet-stream';
    if (request.body !== undefined) throw invalid('It is not of a kind that is kept here.');
    await this.visitors.visitor(session);
    await this.visitors.takesAttachments(session);
    const most = sizeOf(request);
    return this.limits.upload(session, this.limits.ipOf(request), most, async () => {
      const bytes = await readAll(request, most);
      const { id, contentType, size } = await this.media.incoming.keep(session.tenantId, session.visitorId, { bytes, name, declared });
      return { id, contentType, size };
    });
  }

  /** @returns null while it is on its way */
  content(session: ChatSession, id: string): Promise<MediaContent | null> {
    return this.thread.attachment(session, id);
  }
}

const tooLarge = (): HubError => new HubError('too_large', 'media_too_large', `It is larger than ${MOST_BYTES / 1_000_000} MB.`);

/** In bytes; of a body that does not say, as large as it may be. */
function sizeOf({ headers }: IncomingMessage): number {
  const declared = Number(headers['content-length'] ?? MOST_BYTES);
  if (declared > MOST_BYTES) throw tooLarge();
  return declared;
}

/** @throws HubError `too_large`; `invalid` for what did not come as a whole, or not in time: its connection is ended */
async function readAll(request: IncomingMessage, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  const deadline = setTimeout(() => request.destroy(), PATIENCE_MS + most / SLOWEST_BYTES_PER_MS);
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > most) throw tooLarge();
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof HubError ? error : invalid('It did not come as a whole.');
  } finally {
    clearTimeout(deadline);
  }
  return Buffer.concat(parts);
}
