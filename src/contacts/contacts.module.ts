import { Module } from '@nestjs/common';
import { ContactsService } from './contacts.service.js';

// owns: contacts, addresses, consents
// woken by: /api/v1/contacts
// wakes: nothing
// may import: tenancy
@Module({
  providers: [ContactsService],
  exports: [ContactsService],
})
export class ContactsModule {}
