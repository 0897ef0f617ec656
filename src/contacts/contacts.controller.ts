import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiHeader, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import { type Caller, type PageQuery, pageQuery } from '../tenancy/tenancy.types.js';
import { ConsentsService } from './consents.service.js';
import {
  addressSchema, checkedSchema, codeBody, type CodeBody, consentSchema, consentsSchema, contactSchema, contactsSchema, newConsentSchema, type NewConsentBody,
} from './contacts.schemas.js';
import { ContactsService, type ContactWithAddresses } from './contacts.service.js';
import type { Address, Consent } from './contacts.types.js';
import { type Checked, VerificationService } from './verification.service.js';

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

/** What a contact allows us to send, and the ledger that says so. */
@Controller('api/v1/contacts/:id/consents')
@ManagementApi('Contacts')
export class ConsentsController {
  constructor(private readonly consents: ConsentsService) {}

  @Get()
  @ApiOperation({
    operationId: 'listConsents', summary: 'What holds now, and the ledger of what was ever said, oldest first',
    description: 'An entry of the ledger is never changed. `current` is the newest one about each address, sender and purpose.',
  })
  @Answers(consentsSchema, 'A page of the ledger')
  async list(
    @CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery,
  ): Promise<Page<Consent> & { current: Consent[] }> {
    const { current, items } = await this.consents.history(tenantId, id, cursor, limit + 1);
    return { current, ...pageOf(items, limit, (entry) => ({ at: entry.recordedAt, id: entry.id })) };
  }

  @Post()
  @ApiOperation({
    operationId: 'recordConsent', summary: 'Note what a person has allowed or forbidden, as staff',
    description:
      'With the wording that they saw or heard. An older word never outweighs a newer one. Where the person said STOP to Twilio, ' +
      'Twilio refuses until they say START, whatever is noted here.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Any text of your own: the same key twice for one contact is one entry.' })
  @ApiConflictResponse({ description: 'The key came with something else before' })
  @Answers(consentSchema, 'The entry', 201)
  record(
    @CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Body({ schema: newConsentSchema }) { at, staff, ...said }: NewConsentBody,
    @Headers('Idempotency-Key') key?: string,
  ): Promise<Consent> {
    return this.consents.record(tenantId, id, { ...said, recordedBy: staff, key, ...(at ? { changedAt: at } : {}) });
  }
}

/** A claimed address becomes a verified one. */
@Controller('api/v1/contacts/:id/addresses/:addressId/verification')
@ManagementApi('Contacts')
export class VerificationController {
  constructor(private readonly verification: VerificationService) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    operationId: 'startVerification', summary: 'Send a code to an address that somebody claims',
    description: 'By Twilio Verify. Asked again, the same code comes again. At most one code in 30 seconds and five in an hour.',
  })
  @ApiConflictResponse({ description: 'There is nothing to verify, the address takes no codes, or its owner wants no messages' })
  @Answers(addressSchema, 'The address, to which a code is on its way', 202)
  start(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Param('addressId') addressId: string): Promise<Address> {
    return this.verification.start(tenantId, id, addressId);
  }

  @Post('check')
  @HttpCode(200)
  @ApiOperation({ operationId: 'checkVerification', summary: 'The code that the person has read', description: 'The right one is good once, for ten minutes. At most ten tries in an hour.' })
  @ApiConflictResponse({ description: 'There is nothing to verify' })
  @Answers(checkedSchema, 'Whether it was the right one, and the address as it is now')
  check(
    @CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Param('addressId') addressId: string, @Body({ schema: codeBody }) { code }: CodeBody,
  ): Promise<Checked> {
    return this.verification.check(tenantId, id, addressId, code);
  }
}
