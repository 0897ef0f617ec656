import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { notFound } from '@throughline/kernel/errors.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { StoresService } from './stores.service.js';

/** A person's copy of all that is kept of them. */
@Injectable()
export class ExportService {
  constructor(
    private readonly contacts: ContactsService,
    private readonly stores: StoresService,
  ) {}

  /** With those that were merged into one, whichever of them was asked for. @throws HubError `not_found` */
  async of(tx: Tx, contactId: string): Promise<Record<string, unknown>> {
    const person = await this.contacts.holdPerson(tx, contactId);
    if (!person) throw notFound('contact', contactId);
    const [contact, ...mergedContacts] = person.contacts;
    return { contact, mergedContacts, ...(await this.stores.everythingOf(tx, await this.stores.whole(tx, contactId))) };
  }
}
