import { Controller, DefaultValuePipe, Header, HttpCode, ParseIntPipe, Post, Query, UseGuards } from '@nestjs/common';
import type { Form } from '@throughline/twilio/webhooks.js';
import { SignedForm, TwilioSignatureGuard } from '../tenancy/tenancy.guard.js';
import { GatherService } from './gather.service.js';
import { LobbyService } from './lobby.service.js';
import { engineIn } from './voice.parser.js';
import { VoicemailService } from './voicemail.service.js';

const count = (name: string): ParameterDecorator => Query(name, new DefaultValuePipe(0), ParseIntPipe);

/** Twilio's webhooks of phone calls. What the caller waits for is answered with TwiML. */
@Controller('webhooks/twilio/voice')
@UseGuards(TwilioSignatureGuard)
export class VoiceController {
  constructor(
    private readonly lobby: LobbyService,
    private readonly gather: GatherService,
    private readonly voicemail: VoicemailService,
  ) {}

  @Post()
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  answer(@SignedForm() form: Form): Promise<string> {
    return this.lobby.answer(form);
  }

  @Post('connect')
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  connected(@SignedForm() form: Form, @Query('engine') engine: string | undefined): Promise<string> {
    return this.lobby.connected(form, engineIn(engine));
  }

  @Post('return')
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  returned(@SignedForm() form: Form): Promise<string> {
    return this.lobby.returned(form);
  }

  @Post('gather')
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  heard(@SignedForm() form: Form, @count('silences') silences: number, @count('turn') turn: number): Promise<string> {
    return this.gather.heard(form, { silences, turn });
  }

  @Post('gather/answer')
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  later(@SignedForm() form: Form, @count('asked') asked: number): Promise<string> {
    return this.gather.later(form, asked);
  }

  @Post('recorded')
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  recorded(@SignedForm() form: Form): Promise<string> {
    return this.voicemail.recorded(form);
  }

  @Post('recording')
  @HttpCode(204)
  recording(@SignedForm() form: Form): Promise<void> {
    return this.voicemail.recording(form);
  }

  @Post('transcription')
  @HttpCode(204)
  transcription(@SignedForm() form: Form): Promise<void> {
    return this.voicemail.transcription(form);
  }

  @Post('status')
  @HttpCode(204)
  status(@SignedForm() form: Form): Promise<void> {
    return this.lobby.status(form);
  }
}
