import { Module } from '@nestjs/common';
import { ConsentsController } from './consents.controller.js';
import { ConsentsService } from './consents.service.js';
import { ContactsController } from './contacts.controller.js';
import { ContactsService } from './contacts.service.js';
import { MergesService } from './merges.service.js';

// owns: contacts, addresses, consents, merges, whatsapp_windows
// woken by: /api/v1/contacts
// wakes: nothing
// may import: tenancy
@Module({
  controllers: [ContactsController, ConsentsController],
  providers: [ContactsService, ConsentsService, MergesService],
  exports: [ContactsService],
})
export class ContactsModule {}
