import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { CopyingService } from './copying.service.js';
import { InboxProcessor, MirrorProcessor, ReconcileProcessor } from './mirror.processors.js';
import { MirrorService } from './mirror.service.js';
import { OpeningService } from './opening.service.js';
import { PlacesService } from './places.service.js';
import { ReconcileService } from './reconcile.service.js';
import { TwilioConversations } from './twilio.conversations.js';

// owns: mirrors
// woken by: inbox.receive, conversations.mirror, .reconcile
// wakes: conversations.adopt
// may import: tenancy, contacts, conversations
@Module({
  imports: [ContactsModule, ConversationsModule],
  providers: [
    MirrorService, OpeningService, CopyingService, ReconcileService, PlacesService, TwilioConversations,
    InboxProcessor, MirrorProcessor, ReconcileProcessor,
  ],
  exports: [MirrorService],
})
export class MirrorModule {}
