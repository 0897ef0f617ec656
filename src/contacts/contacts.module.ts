import { Module } from '@nestjs/common';
import { ConsentsService } from './consents.service.js';
import { ConsentsController, ContactsController, VerificationController } from './contacts.controller.js';
import { ContactsService } from './contacts.service.js';
import { MergesService } from './merges.service.js';
import { VerificationService } from './verification.service.js';

// owns: contacts, addresses, consents, merges, whatsapp_windows
// woken by: /api/v1/contacts
// wakes: nothing
// may import: tenancy
@Module({
  controllers: [ContactsController, ConsentsController, VerificationController],
  providers: [ContactsService, ConsentsService, MergesService, VerificationService],
  exports: [ContactsService],
})
export class ContactsModule {}
