import { All, Body, Controller, Get, Header, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ControlProxy } from './control.proxy.js';
import { OwnPageGuard } from './sandbox.guard.js';
import { SandboxService } from './sandbox.service.js';
import type { SandboxSession } from './sandbox.types.js';

const ONE_YEAR = '365d';

/** The page of phones, what it needs to start, and its way to the simulator. */
@ApiExcludeController()
@Controller('sandbox')
@UseGuards(OwnPageGuard)
export class SandboxController {
  constructor(
    private readonly sandbox: SandboxService,
    private readonly proxy: ControlProxy,
  ) {}

  @Get()
  page(@Res() response: Response): void {
    response.sendFile('index.html', { root: this.sandbox.pageFolder(), cacheControl: false, headers: { 'Cache-Control': 'no-cache' } });
  }

  @Get('website')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-cache')
  website(): string {
    return this.sandbox.website();
  }

  /** Names carry a hash of the content, so a browser may keep them; `root` keeps the path inside the folder. */
  @Get('assets/*path')
  asset(@Param('path') path: string[], @Res() response: Response): void {
    response.sendFile(path.join('/'), { root: this.sandbox.assetFolder(), dotfiles: 'ignore', immutable: true, maxAge: ONE_YEAR, index: false });
  }

  @Get('api/session')
  @Header('Cache-Control', 'no-store')
  session(): Promise<SandboxSession> {
    return this.sandbox.session();
  }

  @Post('api/clock')
  @HttpCode(200)
  clock(@Body() body: unknown): Promise<{ now: string }> {
    return this.sandbox.forwardClock(body);
  }

  @All('control/*path')
  control(@Req() request: Request, @Res() response: Response): void {
    this.proxy.forward(request, response, 'control');
  }

  @All('mail/*path')
  mail(@Req() request: Request, @Res() response: Response): void {
    this.proxy.forward(request, response, 'mail');
  }
}
