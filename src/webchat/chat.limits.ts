import type { IncomingMessage } from 'node:http';
import { Injectable, Logger } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { Buckets } from '@throughline/kernel/buckets.js';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';
import { Peers } from '@throughline/kernel/peers.js';
import { Seats } from '@throughline/kernel/seats.js';
import { AppConfig } from '../app.config.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { ChatSession } from '../visitors/visitors.types.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A school or an office is one IP address, so these are wide; a visitor is one person, who writes no faster than people do. */
const NEW_VISITORS = { most: 120, perMs: 10 * MINUTE_MS };
const MESSAGES = { most: 40, perMs: MINUTE_MS };
const UPLOADS = { most: 30, perMs: HOUR_MS };
/** Of an IP address; in kilobytes. Of the tenant its settings say. */
const UPLOADED = { most: 500_000, perMs: HOUR_MS };
/** A file on its way in is in the memory of this process as a whole. A browser brings six at once. */
const UPLOADS_AT_ONCE = { most: 8, ofOne: 6 };
const SOON_MS = 5_000;
const CODES_OF_VISITOR = { most: 5, perMs: HOUR_MS };
const CODES_OF_IP = { most: 20, perMs: HOUR_MS };
const TRIES_OF_VISITOR = { most: 20, perMs: HOUR_MS };
const TRIES_OF_IP = { most: 60, perMs: HOUR_MS };

/**
 * How much a visitor, and whoever sits behind one IP address, may do. What costs money or leaves rows is counted over all processes; what
 * costs a moment of one process, in that process.
 */
@Injectable()
export class ChatLimits {
  private readonly log = new Logger('Webchat');
  private readonly ofVisitor: Buckets;
  private readonly ofIp: Buckets;
  private readonly uploads = new Seats(UPLOADS_AT_ONCE.most, UPLOADS_AT_ONCE.ofOne);
  private readonly peers: Peers;

  constructor(
    clock: Clock,
    config: AppConfig,
    private readonly tenancy: TenancyService,
  ) {
    this.ofVisitor = new Buckets(clock, 10, 60);
    this.ofIp = new Buckets(clock, 40, 400);
    this.peers = new Peers(config.trustedProxies, (words) => this.log.warn(words));
  }

  /** Where a request comes from; see Peers. */
  ipOf(request: IncomingMessage): string {
    return this.peers.ipOf(request);
  }

  /** Anything at all. @throws HubError `too_many`, as all of these */
  call(ip: string, session?: ChatSession): void {
    const retryAfterMs = Math.max(this.ofIp.take(ip), session ? this.ofVisitor.take(session.visitorId) : 0);
    if (retryAfterMs > 0) throw tooMany(retryAfterMs);
  }

  newVisitor(tenantId: string, ip: string): Promise<void> {
    return this.tenancy.windows.take(tenantId, { what: `chat visitors/${ip}`, ...NEW_VISITORS });
  }

  /** @param look what is to be known of whoever writes */
  message<T>({ tenantId, visitorId }: ChatSession, look: (tx: Tx) => Promise<T>): Promise<T> {
    return this.tenancy.windows.takeWhile(tenantId, { what: `chat messages/${visitorId}`, ...MESSAGES }, look);
  }

  /**
   * A file, while it comes in and is stored: so many at once, and so much in an hour.
   *
   * @param bytes how large it is at most
   */
  async upload<T>({ tenantId, visitorId }: ChatSession, ip: string, bytes: number, work: () => Promise<T>): Promise<T> {
    if (!this.uploads.take(ip)) throw tooMany(SOON_MS);
    try {
      const { uploadMegabytesPerHour } = (await this.tenancy.tenant(tenantId)).settings.chat;
      const amount = Math.ceil(bytes / 1_000);
      await this.tenancy.windows.take(
        tenantId, { what: `chat uploads/${visitorId}`, ...UPLOADS }, { what: `chat uploaded of/${ip}`, amount, ...UPLOADED },
        { what: 'chat uploaded', amount, most: uploadMegabytesPerHour * 1_000, perMs: HOUR_MS },
      );
      return await work();
    } finally {
      this.uploads.leave(ip);
    }
  }

  code({ tenantId, visitorId }: ChatSession, ip: string): Promise<void> {
    return this.tenancy.windows.take(tenantId, { what: `chat codes/${visitorId}`, ...CODES_OF_VISITOR }, { what: `chat codes of/${ip}`, ...CODES_OF_IP });
  }

  tryCode({ tenantId, visitorId }: ChatSession, ip: string): Promise<void> {
    return this.tenancy.windows.take(tenantId, { what: `chat tries/${visitorId}`, ...TRIES_OF_VISITOR }, { what: `chat tries of/${ip}`, ...TRIES_OF_IP });
  }
}

const tooMany = (retryAfterMs: number): HubError =>
  new HubError('too_many', 'too_many_requests', 'Too many requests in a short time.', { retryable: true, retryAfterMs });
