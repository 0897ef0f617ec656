import { Controller, Get, Logger, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Buckets } from '@throughline/kernel/buckets.js';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';
import { Peers } from '@throughline/kernel/peers.js';
import type { Request, Response } from 'express';
import { AppConfig } from '../app.config.js';
import { CalendarsService } from './calendars.service.js';

/** Some calendar services fetch for all of their users from few addresses. In a second, and at once. */
const OF_IP = { perSecond: 5, burst: 100 };

const HEADERS = {
  'Content-Type': 'text/calendar; charset=utf-8', 'Content-Disposition': 'inline; filename="on-call.ics"', 'Cache-Control': 'private, max-age=300', 'X-Robots-Tag': 'noindex',
};

/** What calendar programs fetch, every so often. They have no token but the address. */
@Controller('calendars')
@ApiExcludeController()
export class FeedController {
  private readonly peers: Peers;
  private readonly ofIp: Buckets;

  constructor(
    private readonly calendars: CalendarsService,
    clock: Clock,
    config: AppConfig,
  ) {
    const log = new Logger('Calendars');
    this.peers = new Peers(config.trustedProxies, (words) => log.warn(words));
    this.ofIp = new Buckets(clock, OF_IP.perSecond, OF_IP.burst);
  }

  @Get(':token.ics')
  async read(@Param('token') token: string, @Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<string> {
    const retryAfterMs = this.ofIp.take(this.peers.ipOf(request));
    if (retryAfterMs > 0) throw new HubError('too_many', 'too_many_requests', 'Too many requests. Try again in a moment.', { retryable: true, retryAfterMs });
    const file = await this.calendars.read(token);
    if (file === null) throw new HubError('not_found', 'not_found', 'There is no calendar here any more.');
    response.set(HEADERS);
    return file;
  }
}
