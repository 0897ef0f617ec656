import { Body, Controller, Get, Headers, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiHeader, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import { type Caller, type PageQuery, pageQuery } from '../tenancy/tenancy.types.js';
import { ConsentsService } from './consents.service.js';
import { consentSchema, consentsSchema, newConsentSchema, type NewConsentBody } from './contacts.schemas.js';
import type { Consent } from './contacts.types.js';

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
