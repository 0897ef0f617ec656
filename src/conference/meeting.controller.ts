import { Controller, DefaultValuePipe, Header, HttpCode, Param, ParseIntPipe, ParseUUIDPipe, Post, Query, UseGuards } from '@nestjs/common';
import type { Form } from '@throughline/twilio/webhooks.js';
import { SignedForm, TwilioSignatureGuard } from '../tenancy/tenancy.guard.js';
import { MeetingService } from './meeting.service.js';

const callback = (): ParameterDecorator => Param('callbackId', ParseUUIDPipe);
const asked = (): ParameterDecorator => Query('asked', new DefaultValuePipe(0), ParseIntPipe);
const xml = (): MethodDecorator => (target, name, property) => {
  HttpCode(200)(target, name, property);
  Header('Content-Type', 'text/xml')(target, name, property);
};

/** Twilio's webhooks of whoever has an incident, and of the person whom they are connected with. */
@Controller('webhooks/twilio/voice/callback/:callbackId')
@UseGuards(TwilioSignatureGuard)
export class MeetingController {
  constructor(private readonly meeting: MeetingService) {}

  @Post('taker/answered')
  @xml()
  takerAnswered(@SignedForm() form: Form, @callback() id: string): Promise<string> {
    return this.meeting.taker.answered(form, id);
  }

  @Post('taker/pressed')
  @xml()
  takerPressed(@SignedForm() form: Form, @callback() id: string, @asked() times: number): Promise<string> {
    return this.meeting.taker.pressed(form, id, times);
  }

  @Post('taker/join')
  @xml()
  takerJoins(@SignedForm() form: Form, @callback() id: string): Promise<string> {
    return this.meeting.taker.joins(form, id);
  }

  @Post('taker/wait')
  @xml()
  takerWaits(@SignedForm() form: Form, @callback() id: string): Promise<string> {
    return this.meeting.taker.waits(form, id);
  }

  @Post('taker/machine')
  @xml()
  takerHearsOfMachine(@SignedForm() form: Form, @callback() id: string): Promise<string> {
    return this.meeting.taker.hearsOfMachine(form, id);
  }

  @Post('taker/left')
  @xml()
  takerLeft(@SignedForm() form: Form, @callback() id: string): Promise<string> {
    return this.meeting.taker.left(form, id);
  }

  @Post('taker/told')
  @xml()
  takerTold(@SignedForm() form: Form, @callback() id: string): Promise<string> {
    return this.meeting.taker.told(form, id);
  }

  @Post('taker/again')
  @xml()
  takerAgain(@SignedForm() form: Form, @callback() id: string, @asked() times: number): Promise<string> {
    return this.meeting.taker.again(form, id, times);
  }

  @Post('taker/status')
  @HttpCode(204)
  takerStatus(@SignedForm() form: Form, @callback() id: string): Promise<void> {
    return this.meeting.taker.status(form, id);
  }

  @Post('person/answered')
  @xml()
  personAnswered(@SignedForm() form: Form, @callback() id: string): Promise<string> {
    return this.meeting.person.answered(form, id);
  }

  @Post('person/join')
  @xml()
  personJoins(@SignedForm() form: Form, @callback() id: string): Promise<string> {
    return this.meeting.person.joins(form, id);
  }

  @Post('person/wait')
  @xml()
  personWaits(@SignedForm() form: Form, @callback() id: string): Promise<string> {
    return this.meeting.person.waits(form, id);
  }

  @Post('person/left')
  @xml()
  personLeft(@SignedForm() form: Form, @callback() id: string): Promise<string> {
    return this.meeting.person.left(form, id);
  }

  @Post('person/gone')
  @xml()
  personGone(@SignedForm() form: Form, @callback() id: string): Promise<string> {
    return this.meeting.person.gone(form, id);
  }

  @Post('person/status')
  @HttpCode(204)
  personStatus(@SignedForm() form: Form, @callback() id: string): Promise<void> {
    return this.meeting.person.status(form, id);
  }

  @Post('person/machine')
  @HttpCode(204)
  detected(@SignedForm() form: Form, @callback() id: string): Promise<void> {
    return this.meeting.person.detected(form, id);
  }

  @Post('events')
  @HttpCode(204)
  event(@SignedForm() form: Form, @callback() id: string): Promise<void> {
    return this.meeting.event(form, id);
  }
}
