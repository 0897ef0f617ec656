import { type ArgumentsHost, type CanActivate, Catch, type ExceptionFilter, type ExecutionContext, Injectable, Logger } from '@nestjs/common';
import { Buckets } from '@throughline/kernel/buckets.js';
import { Clock } from '@throughline/kernel/clock.js';
import { Peers } from '@throughline/kernel/peers.js';
import type { Request, Response } from 'express';
import { AppConfig } from '../app.config.js';
import { linesIn } from './lines.js';
import { page, PAGE_HEADERS } from './pager.page.js';

/** An office is one IP address, and all of it may be told at once; a link is one person's. In a second, and at once. */
const OF_IP = { perSecond: 5, burst: 60 };
const OF_LINK = { perSecond: 1, burst: 20 };
const LONGEST_TOKEN = 100;

/** Nothing is shown and nothing is done. */
export class LinkRefused extends Error {
  constructor(readonly status: 403 | 429, readonly retryAfterMs = 0) {
    super('refused');
  }
}

/** Whoever opens a link: neither too often, nor by a form on somebody else's page. Says on the way what a browser may do with the page. */
@Injectable()
export class LinkGuard implements CanActivate {
  private readonly peers: Peers;
  private readonly ofIp: Buckets;
  private readonly ofLink: Buckets;

  constructor(clock: Clock, config: AppConfig) {
    const log = new Logger('Pager');
    this.peers = new Peers(config.trustedProxies, (words) => log.warn(words));
    this.ofIp = new Buckets(clock, OF_IP.perSecond, OF_IP.burst);
    this.ofLink = new Buckets(clock, OF_LINK.perSecond, OF_LINK.burst);
  }

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    http.getResponse<Response>().set(PAGE_HEADERS);
    const retryAfterMs = this.ofIp.take(this.peers.ipOf(request)) || this.ofLink.take(String(request.params['token']).slice(0, LONGEST_TOKEN));
    if (retryAfterMs > 0) throw new LinkRefused(429, retryAfterMs);
    const from = request.header('sec-fetch-site');
    if (request.method === 'POST' && from !== undefined && from !== 'same-origin' && from !== 'none') throw new LinkRefused(403);
    return true;
  }
}

/** People read a page, not a problem in JSON. */
@Catch(LinkRefused)
export class LinkRefusedFilter implements ExceptionFilter {
  catch({ status, retryAfterMs }: LinkRefused, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (status === 429) response.setHeader('Retry-After', Math.ceil(retryAfterMs / 1_000));
    response.status(status).send(page(linesIn('en'), null, status === 429 ? 'Too many requests. Try again in a moment.' : undefined));
  }
}
