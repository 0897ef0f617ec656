import { Controller, Get, Header, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { HubError } from '@throughline/kernel/errors.js';
import type { Request, Response } from 'express';
import { ChatService, type WidgetLook } from './chat.service.js';
import { originsOf } from './webchat.guard.js';
import { type Encoding, WidgetScript } from './widget.script.js';

/** In seconds: so long may a page go by the last version, and so long may a cache answer with it while it fetches the next. */
const [FRESH_S, STALE_S] = [300, 86_400];

/** What a page with the widget on it loads before anybody has opened it. */
@ApiExcludeController()
@Controller()
export class WidgetController {
  constructor(
    private readonly script: WidgetScript,
    private readonly chat: ChatService,
  ) {}

  /** Any page may load it; what it may do there is decided by the widget's key. */
  @Get('widget.js')
  widget(@Req() request: Request, @Res() response: Response): void {
    const encoding = (request.acceptsEncodings(['br', 'gzip', 'identity']) || 'identity') as Encoding;
    const { tag, bytes } = this.script.read();
    response.set({
      'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin', 'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': `public, max-age=${FRESH_S}, stale-while-revalidate=${STALE_S}`, ETag: `"${tag}-${encoding}"`,
    });
    response.vary('Accept-Encoding');
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding);
    response.end(bytes[encoding]);
  }

  @Get('api/chat/widgets/:key')
  @Header('Cache-Control', `private, max-age=${FRESH_S}`)
  async look(@Req() request: Request, @Param('key') key: string): Promise<WidgetLook> {
    for (const origin of originsOf(request)) {
      const look = await this.chat.look(key, origin).catch(unlessForbidden);
      if (look) return look;
    }
    throw new HubError('forbidden', 'forbidden_origin', 'This widget key is not for pages of this origin.');
  }
}

function unlessForbidden(error: unknown): null {
  if (error instanceof HubError && error.kind === 'forbidden') return null;
  throw error;
}
