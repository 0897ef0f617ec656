import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { RoutesService } from './routes.service.js';

// owns: no tables
// woken by: nothing
// wakes: nothing
// may import: tenancy, contacts, conversations
@Module({ imports: [ContactsModule, ConversationsModule], providers: [RoutesService], exports: [RoutesService] })
export class RoutesModule {}
