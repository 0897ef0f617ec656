import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { AdoptionService } from './adoption.service.js';
import { CopyingService } from './copying.service.js';
import { AdoptionProcessor, InboxProcessor, MirrorProcessor, ReconcileProcessor } from './mirror.processors.js';
import { MirrorService } from './mirror.service.js';
import { OpeningService } from './opening.service.js';
import { ReconcileService } from './reconcile.service.js';
import { TwilioConversations } from './twilio.conversations.js';

// owns: mirrors
// woken by: inbox.receive, conversations.mirror, .reconcile, .adopt
// wakes: conversations.adopt
// may import: tenancy, contacts, conversations
@Module({
  imports: [ContactsModule, ConversationsModule],
  providers: [
    MirrorService, OpeningService, CopyingService, ReconcileService, AdoptionService, TwilioConversations,
    InboxProcessor, MirrorProcessor, ReconcileProcessor, AdoptionProcessor,
  ],
  exports: [MirrorService],
})
export class MirrorModule {}
