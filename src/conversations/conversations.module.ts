import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConversationsController } from './conversations.controller.js';
import { ClockProcessor, UniteProcessor } from './conversations.processors.js';
import { ConversationsService } from './conversations.service.js';
import { LeavingService } from './leaving.service.js';
import { MergingController } from './merging.controller.js';
import { MergingService } from './merging.service.js';
import { OwnershipService } from './ownership.service.js';
import { ReceiveService } from './receive.service.js';
import { SpeakingService } from './speaking.service.js';
import { SpokenService } from './spoken.service.js';
import { ThreadController } from './thread.controller.js';

// owns: conversations, participants, messages, inbox (and reads transitions)
// woken by: /api/v1/conversations, /api/v1/contacts (merge, undo, timeline), conversations.clock, conversations.unite
// wakes: inbox.receive, conversations.*, assistant.turn, delivery.send, triage.judge
// may import: tenancy, contacts
@Module({
  imports: [ContactsModule],
  controllers: [ConversationsController, ThreadController, MergingController],
  providers: [ConversationsService, ReceiveService, SpeakingService, SpokenService, OwnershipService, MergingService, LeavingService, ClockProcessor, UniteProcessor],
  exports: [ConversationsService],
})
export class ConversationsModule {}
