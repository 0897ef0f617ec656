import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { AdoptionRequests } from './adoption.requests.js';
import { AdoptionService } from './adoption.service.js';
import { ConversationsController } from './conversations.controller.js';
import { AdoptionProcessor, ClockProcessor, InboxProcessor, MirrorProcessor, ReconcileProcessor } from './conversations.processors.js';
import { ConversationsService } from './conversations.service.js';
import { MirrorService } from './mirror.service.js';
import { OpeningService } from './opening.service.js';
import { OwnershipService } from './ownership.service.js';
import { ReceiveService } from './receive.service.js';
import { ReconcileService } from './reconcile.service.js';
import { SpeakingService } from './speaking.service.js';
import { ThreadController } from './thread.controller.js';
import { TwilioConversations } from './twilio.conversations.js';

// owns: conversations, participants, messages, inbox (and reads transitions)
// woken by: /api/v1/conversations, inbox.receive, conversations.mirror, .reconcile, .adopt, .clock
// wakes: inbox.receive, conversations.*, assistant.turn, delivery.send
// may import: tenancy, contacts
@Module({
  imports: [ContactsModule],
  controllers: [ConversationsController, ThreadController],
  providers: [
    ConversationsService, ReceiveService, OpeningService, SpeakingService, OwnershipService, MirrorService, AdoptionService,
    ReconcileService, AdoptionRequests, TwilioConversations,
    InboxProcessor, MirrorProcessor, ReconcileProcessor, AdoptionProcessor, ClockProcessor,
  ],
  exports: [ConversationsService],
})
export class ConversationsModule {}
