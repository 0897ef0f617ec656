import { Body, Controller, Get, Headers, HttpCode, Param, Post, Res, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { DetailsService } from './details.service.js';
import { LinkGuard, LinkRefusedFilter } from './pager.guard.js';

/** What an incident is about: behind the link of an alert, after the PIN of whom it was sent to. */
@Controller('a/:token/details')
@UseGuards(LinkGuard)
@UseFilters(LinkRefusedFilter)
@ApiExcludeController()
export class DetailsController {
  constructor(private readonly details: DetailsService) {}

  @Get()
  look(@Param('token') token: string, @Headers('cookie') cookies?: string): Promise<string> {
    return this.details.look(token, cookies ?? '');
  }

  @Post()
  @HttpCode(200)
  async open(@Param('token') token: string, @Body() form: unknown, @Res({ passthrough: true }) response: Response): Promise<string> {
    const opened = await this.details.open(token, form);
    if ('refused' in opened) return opened.refused;
    response.cookie(opened.cookie.name, opened.cookie.value, opened.cookie.options);
    // So that nobody sends the PIN again by looking again.
    response.status(303).location(opened.location);
    return '';
  }
}
