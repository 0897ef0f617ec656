import { Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { PagerService } from './pager.service.js';

/** The page behind the link of a text. Who has the link may take the incident, by the button; looking takes nothing. */
@Controller('a')
@ApiExcludeController()
export class AcknowledgeController {
  constructor(private readonly pager: PagerService) {}

  @Get(':token')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @Header('Referrer-Policy', 'no-referrer')
  look(@Param('token') token: string): Promise<string> {
    return this.pager.look(token);
  }

  @Post(':token')
  @HttpCode(200)
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @Header('Referrer-Policy', 'no-referrer')
  take(@Param('token') token: string): Promise<string> {
    return this.pager.take(token);
  }
}
