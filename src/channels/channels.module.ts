import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { ChannelsService } from './channels.service.js';
import { TwilioSenders } from './twilio-senders.js';
import { TwilioWebhooksController } from './twilio-webhooks.controller.js';

// owns: no tables
// woken by: /webhooks/twilio/messaging, /webhooks/twilio/messaging/status, /webhooks/twilio/conversations
// wakes: nothing of its own
// may import: tenancy, contacts, conversations, delivery
@Module({
  imports: [ContactsModule, ConversationsModule, DeliveryModule],
  controllers: [TwilioWebhooksController],
  providers: [ChannelsService, TwilioSenders],
})
export class ChannelsModule {}
