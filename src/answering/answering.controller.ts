import { Controller, Header, HttpCode, Param, ParseUUIDPipe, Post, UseGuards } from '@nestjs/common';
import type { Form } from '@throughline/twilio/webhooks.js';
import { SignedForm, TwilioSignatureGuard } from '../tenancy/tenancy.guard.js';
import { AnsweringService } from './answering.service.js';

const tryOf = (): ParameterDecorator => Param('tryId', ParseUUIDPipe);

/** Twilio's webhooks of calls that we make. */
@Controller('webhooks/twilio/voice/outbound/:tryId')
@UseGuards(TwilioSignatureGuard)
export class AnsweringController {
  constructor(private readonly answering: AnsweringService) {}

  @Post('answered')
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  answered(@SignedForm() form: Form, @tryOf() tryId: string): Promise<string> {
    return this.answering.answered(form, tryId);
  }

  @Post('detected')
  @HttpCode(204)
  detected(@SignedForm() form: Form, @tryOf() tryId: string): Promise<void> {
    return this.answering.detected(form, tryId);
  }

  @Post('message')
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  message(@SignedForm() form: Form, @tryOf() tryId: string): Promise<string> {
    return this.answering.message(form, tryId);
  }

  @Post('status')
  @HttpCode(204)
  status(@SignedForm() form: Form, @tryOf() tryId: string): Promise<void> {
    return this.answering.status(form, tryId);
  }
}
