import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import { type Caller, type PageQuery, pageQuery } from '../tenancy/tenancy.types.js';
import { contactSchema, contactsSchema } from './contacts.schemas.js';
import { ContactsService, type ContactWithAddresses } from './contacts.service.js';
import type { Consent } from './contacts.types.js';

/** The people who have written to the tenant. */
@Controller('api/v1/contacts')
@ManagementApi('Contacts')
export class ContactsController {
  constructor(private readonly contacts: ContactsService) {}

  @Get()
  @ApiOperation({ operationId: 'listContacts', summary: 'Contacts with their addresses, oldest first' })
  @Answers(contactsSchema, 'A page of contacts')
  async list(
    @CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery,
  ): Promise<Page<ContactWithAddresses>> {
    const rows = await this.contacts.list(tenantId, cursor, limit + 1);
    return pageOf(rows, limit, (contact) => ({ at: contact.createdAt, id: contact.id }));
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getContact', summary: 'One contact, with addresses and consents' })
  @Answers(contactSchema, 'The contact')
  get(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string): Promise<ContactWithAddresses & { consents: Consent[] }> {
    return this.contacts.contact(tenantId, id);
  }
}
