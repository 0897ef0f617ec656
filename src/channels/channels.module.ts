import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { MediaModule } from '../media/media.module.js';
import { MirrorModule } from '../mirror/mirror.module.js';
import { AdoptionService } from './adoption.service.js';
import { CatchUpService } from './catch-up.service.js';
import { AdoptionProcessor, CatchUpProcessor } from './channels.processors.js';
import { ChannelsService } from './channels.service.js';
import { ContentsService } from './contents.service.js';
import { TwilioSenders } from './twilio-senders.js';
import { TwilioSetupService } from './twilio-setup.service.js';
import { TwilioInbox } from './twilio.inbox.js';
import { TwilioWebhooksController } from './twilio-webhooks.controller.js';

// owns: contents
// woken by: /webhooks/twilio/messaging, /webhooks/twilio/messaging/status, /webhooks/twilio/conversations, channels.catch_up, conversations.adopt
// wakes: channels.catch_up, conversations.adopt
// may import: tenancy, contacts, conversations, mirror, media, delivery
@Module({
  imports: [ContactsModule, ConversationsModule, MirrorModule, MediaModule, DeliveryModule],
  controllers: [TwilioWebhooksController],
  providers: [
    ChannelsService, TwilioSenders, ContentsService, TwilioInbox, CatchUpService, CatchUpProcessor, AdoptionService, AdoptionProcessor, TwilioSetupService,
  ],
})
export class ChannelsModule {}
