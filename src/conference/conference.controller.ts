import { Controller, DefaultValuePipe, Get, Header, HttpCode, Param, ParseIntPipe, ParseUUIDPipe, Post, Query, StreamableFile, UseGuards } from '@nestjs/common';
import type { Form } from '@throughline/twilio/webhooks.js';
import { SignedForm, TwilioSignatureGuard } from '../tenancy/tenancy.guard.js';
import { ConferenceService } from './conference.service.js';
import { holdMusic } from './music.js';

const id = (name: string): ParameterDecorator => Param(name, ParseUUIDPipe);

/** Twilio's webhooks of callers who are put through, and of the specialists who are called for them. */
@Controller('webhooks/twilio/voice/transfer')
export class ConferenceController {
  constructor(private readonly conference: ConferenceService) {}

  @Post('hold')
  @UseGuards(TwilioSignatureGuard)
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  hold(@SignedForm() form: Form): Promise<string> {
    return this.conference.hold(form);
  }

  @Post('wait')
  @UseGuards(TwilioSignatureGuard)
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  wait(@SignedForm() form: Form, @Query('piece', new DefaultValuePipe(0), ParseIntPipe) piece: number): Promise<string> {
    return this.conference.wait(form, piece);
  }

  /** Public: there is nothing in it but music. */
  @Get('music.wav')
  @Header('Cache-Control', 'public, max-age=86400')
  music(): StreamableFile {
    return new StreamableFile(holdMusic(), { type: 'audio/wav' });
  }

  @Post('left')
  @UseGuards(TwilioSignatureGuard)
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  left(@SignedForm() form: Form): Promise<string> {
    return this.conference.left(form);
  }

  @Post('back')
  @UseGuards(TwilioSignatureGuard)
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  back(@SignedForm() form: Form): Promise<string> {
    return this.conference.back(form);
  }

  @Post('attempts/:attemptId/answered')
  @UseGuards(TwilioSignatureGuard)
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  answered(@SignedForm() form: Form, @id('attemptId') attemptId: string): Promise<string> {
    return this.conference.answered(form, attemptId);
  }

  @Post('attempts/:attemptId/pressed')
  @UseGuards(TwilioSignatureGuard)
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  pressed(@SignedForm() form: Form, @id('attemptId') attemptId: string, @Query('asked', new DefaultValuePipe(0), ParseIntPipe) asked: number): Promise<string> {
    return this.conference.pressed(form, attemptId, asked);
  }

  @Post('attempts/:attemptId/status')
  @UseGuards(TwilioSignatureGuard)
  @HttpCode(204)
  status(@SignedForm() form: Form, @id('attemptId') attemptId: string): Promise<void> {
    return this.conference.status(form, attemptId);
  }

  @Post('attempts/:attemptId/left')
  @UseGuards(TwilioSignatureGuard)
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  specialistLeft(@SignedForm() form: Form, @id('attemptId') attemptId: string): Promise<string> {
    return this.conference.specialistLeft(form, attemptId);
  }

  @Post(':transferId/events')
  @UseGuards(TwilioSignatureGuard)
  @HttpCode(204)
  event(@SignedForm() form: Form, @id('transferId') transferId: string): Promise<void> {
    return this.conference.event(form, transferId);
  }
}
