import type { NestExpressApplication } from '@nestjs/platform-express';
import { withLogScope } from '@throughline/kernel/log.js';
import express, { type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { randomUUID } from 'node:crypto';
import { Histogram } from 'prom-client';
import { routeOf } from './tenancy/tenancy.guard.js';

/** Twilio's largest webhook is a 32 KB body, percent-encoded at three bytes a character at worst. */
const WEBHOOK_LIMIT = '256kb';
const API_LIMIT = '256kb';
/** Each request of Vapi's brings all that was said in the call, several times over. */
const VAPI_LIMIT = '1mb';

/**
 * In milliseconds; longer than a proxy keeps an idle connection to us (nginx, HAProxy and Amazon's balancers: 60 s). Whoever closes
 * first while the other begins a request loses it: the proxy answers 502, and Twilio's webhook is gone.
 */
const KEEP_ALIVE_MS = 75_000;

const webhookSeconds = new Histogram({
  name: 'throughline_webhook_seconds',
  help: 'Time to answer a webhook',
  labelNames: ['path', 'status'],
  buckets: [0.002, 0.005, 0.008, 0.015, 0.03, 0.05, 0.1, 0.25, 1, 5],
});

/** What every request passes before it reaches a room. */
export function furnishHttp(app: NestExpressApplication): void {
  app.disable('x-powered-by');
  app.getHttpServer().keepAliveTimeout = KEEP_ALIVE_MS;
  app.use((_request: Request, _response: Response, next: NextFunction) => withLogScope({ requestId: randomUUID() }, next));
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: {
          'default-src': [`'self'`], 'style-src': [`'self'`, `'unsafe-inline'`], 'img-src': [`'self'`, 'data:'], 'upgrade-insecure-requests': null,
        },
      },
      strictTransportSecurity: false, // the proxy in front of us speaks TLS and decides this
    }),
  );
  app.use('/webhooks', timed);
  app.use(['/webhooks/vapi', '/vapi'], express.raw({ type: () => true, limit: VAPI_LIMIT }));
  // Bytes, so that the guard can check the signature before anything believes the body.
  app.use('/webhooks', express.raw({ type: () => true, limit: WEBHOOK_LIMIT }));
  app.use('/api', express.json({ limit: API_LIMIT }));
  app.use('/a', express.urlencoded({ extended: false, limit: '4kb' }));
  app.use('/sandbox/api', express.json({ limit: '16kb' }));
}

function timed(request: Request, response: Response, next: NextFunction): void {
  const end = webhookSeconds.startTimer();
  response.once('finish', () => end({ path: routeOf(request), status: response.statusCode }));
  next();
}
