import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable, type NestMiddleware } from '@nestjs/common';
import { HubError } from '@throughline/kernel/errors.js';
import { addToLogScope } from '@throughline/kernel/log.js';
import type { NextFunction, Request, Response } from 'express';
import { VisitorsService } from '../visitors/visitors.service.js';
import type { ChatSession } from '../visitors/visitors.types.js';
import { ChatLimits } from './chat.limits.js';

type ChatRequest = Request & { chat?: ChatSession };

const PREFLIGHT_S = 600;

/** Answers other origins' browsers: pages that no widget is for may not even ask. */
@Injectable()
export class ChatOrigins implements NestMiddleware {
  constructor(private readonly visitors: VisitorsService) {}

  async use(request: Request, response: Response, next: NextFunction): Promise<void> {
    const { origin } = request.headers;
    response.vary('Origin');
    const isKnown = origin !== undefined && (await this.visitors.isOriginKnown(origin));
    if (isKnown) {
      response.setHeader('Access-Control-Allow-Origin', origin);
      response.setHeader('Access-Control-Expose-Headers', 'Retry-After');
    }
    if (request.method !== 'OPTIONS') return next();
    if (!isKnown) throw new HubError('forbidden', 'forbidden_origin', 'Pages of this origin may not ask here.');
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST');
    response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type');
    response.setHeader('Access-Control-Max-Age', PREFLIGHT_S);
    response.status(204).end();
  }
}

/**
 * Where the page is that asks, as its browser says. A browser leaves that out where a page reads from its own server, and says
 * so; behind a proxy we do not know by which protocol.
 */
export function originsOf({ headers }: Request): string[] {
  const { origin, host } = headers;
  if (origin !== undefined) return [origin];
  return headers['sec-fetch-site'] === 'same-origin' && host ? [`https://${host}`, `http://${host}`] : [];
}

/** Lets in whoever bears a visitor's token, at the origin that it was given to. */
@Injectable()
export class ChatGuard implements CanActivate {
  constructor(
    private readonly visitors: VisitorsService,
    private readonly limits: ChatLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ChatRequest>();
    const [scheme, token = ''] = (request.header('authorization') ?? '').split(' ');
    const session = await this.visitors.verify(scheme?.toLowerCase() === 'bearer' ? token : '', originsOf(request));
    this.limits.call(this.limits.ipOf(request), session);
    request.chat = session;
    addToLogScope({ tenantId: session.tenantId });
    return true;
  }
}

/** Whose token it was. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): ChatSession =>
  context.switchToHttp().getRequest<ChatRequest>().chat!);
