import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { MirrorModule } from '../mirror/mirror.module.js';
import { CheckProcessor, OpenProcessor, ShowProcessor } from './calls.processors.js';
import { CallsService } from './calls.service.js';
import { OpeningService } from './opening.service.js';
import { VoicemailsService } from './voicemails.service.js';

// owns: calls, call_tenants, voicemails
// woken by: calls.open, calls.show, calls.check
// wakes: calls.open, calls.show, calls.check, calls.voicemail
// may import: contacts, conversations, mirror
@Module({
  imports: [ContactsModule, ConversationsModule, MirrorModule],
  providers: [CallsService, VoicemailsService, OpeningService, OpenProcessor, ShowProcessor, CheckProcessor],
  exports: [CallsService],
})
export class CallsModule {}
