import { Controller, DefaultValuePipe, Header, HttpCode, Param, ParseIntPipe, ParseUUIDPipe, Post, Query, UseGuards } from '@nestjs/common';
import type { Form } from '@throughline/twilio/webhooks.js';
import { SignedForm, TwilioSignatureGuard } from '../tenancy/tenancy.guard.js';
import { PagerService } from './pager.service.js';

const attempt = (): ParameterDecorator => Param('attemptId', ParseUUIDPipe);

/** Twilio's webhooks of calls and texts to people who are told of incidents. */
@Controller('webhooks/twilio/alerts/:attemptId')
@UseGuards(TwilioSignatureGuard)
export class AlertsController {
  constructor(private readonly pager: PagerService) {}

  @Post('answered')
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  answered(@SignedForm() form: Form, @attempt() attemptId: string): Promise<string> {
    return this.pager.answered(form, attemptId);
  }

  @Post('pressed')
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  pressed(@SignedForm() form: Form, @attempt() attemptId: string, @Query('asked', new DefaultValuePipe(0), ParseIntPipe) asked: number): Promise<string> {
    return this.pager.pressed(form, attemptId, asked);
  }

  @Post('connect')
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  connect(@SignedForm() form: Form, @attempt() attemptId: string, @Query('asked', new DefaultValuePipe(0), ParseIntPipe) asked: number): Promise<string> {
    return this.pager.connect(form, attemptId, asked);
  }

  @Post('status')
  @HttpCode(204)
  status(@SignedForm() form: Form, @attempt() attemptId: string): Promise<void> {
    return this.pager.status(form, attemptId);
  }

  @Post('machine')
  @HttpCode(204)
  machine(@SignedForm() form: Form, @attempt() attemptId: string): Promise<void> {
    return this.pager.detected(form, attemptId);
  }

  @Post('text')
  @HttpCode(204)
  text(@SignedForm() form: Form, @attempt() attemptId: string): Promise<void> {
    return this.pager.text(form, attemptId);
  }
}
