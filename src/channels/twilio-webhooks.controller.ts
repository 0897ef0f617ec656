import { Controller, Header, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import type { Form } from '@throughline/twilio/webhooks.js';
import { SignedForm, TwilioSignatureGuard } from '../tenancy/tenancy.guard.js';
import { ChannelsService } from './channels.service.js';

/** Twilio's webhooks. Each answers after one short transaction; nothing here waits for a model or for Twilio. */
@Controller('webhooks/twilio')
@UseGuards(TwilioSignatureGuard)
export class TwilioWebhooksController {
  constructor(private readonly channels: ChannelsService) {}

  @Post('messaging')
  @HttpCode(200)
  @Header('Content-Type', 'text/xml')
  async messaging(@SignedForm() form: Form): Promise<string> {
    await this.channels.receiveText(form);
    return '<Response/>';
  }

  @Post('messaging/status')
  @HttpCode(204)
  status(@SignedForm() form: Form, @Query('tenant') tenantId = '', @Query('delivery') deliveryId = ''): Promise<void> {
    return this.channels.recordStatus(form, tenantId, deliveryId);
  }

  @Post('conversations')
  @HttpCode(204)
  conversations(@SignedForm() form: Form): Promise<void> {
    return this.channels.receiveConversationEvent(form);
  }
}
