import { Controller, Get, HttpCode, Param, Post, Query, Redirect, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { LinkGuard, LinkRefusedFilter } from './pager.guard.js';
import { PagerService } from './pager.service.js';

/** The page behind the link of a text. Who has the link may take the incident, by the button; looking takes nothing. */
@Controller('a')
@UseGuards(LinkGuard)
@UseFilters(LinkRefusedFilter)
@ApiExcludeController()
export class AcknowledgeController {
  constructor(private readonly pager: PagerService) {}

  @Get(':token')
  look(@Param('token') token: string, @Query('news') news?: unknown): Promise<string> {
    return this.pager.look(token, news === 'rings' || news === 'cannot' ? news : undefined);
  }

  @Post(':token')
  @HttpCode(200)
  take(@Param('token') token: string): Promise<string> {
    return this.pager.take(token);
  }

  @Post(':token/connect')
  @Redirect('/', 303)
  async callMe(@Param('token') token: string): Promise<{ url: string }> {
    // Whoever loads the page behind it once more calls nobody once more.
    const news = await this.pager.callMe(token);
    return { url: `/a/${encodeURIComponent(token)}${news ? `?news=${news}` : ''}` };
  }
}
