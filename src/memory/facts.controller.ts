import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import type { Caller } from '../tenancy/tenancy.types.js';
import { factsQuery, type FactsQuery, factsSchema, forgottenSchema } from './facts.schemas.js';
import { ForgettingService } from './forgetting.service.js';
import type { Fact } from './memory.types.js';

const FORGETTING =
  'At once and for good: the model is not shown the messages that say it any more, and the summary is made anew without them. ' +
  'The thread itself keeps its messages; the erasure of the contact removes those as well.';

/** What the assistant has kept about a person. */
@Controller('api/v1/contacts/:contactId/facts')
@ManagementApi('Contacts')
export class FactsController {
  constructor(private readonly forgetting: ForgettingService) {}

  @Get()
  @ApiOperation({ operationId: 'listFacts', summary: 'What is known of a contact, oldest first' })
  @Answers(factsSchema, 'A page of facts')
  async list(
    @CurrentCaller() { tenantId }: Caller, @Param('contactId') contactId: string, @Query({ schema: factsQuery }) { history, limit, cursor }: FactsQuery,
  ): Promise<Page<Fact>> {
    const rows = await this.forgetting.list(tenantId, contactId, { history: history === 'true', after: cursor, limit: limit + 1 });
    return pageOf(rows, limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  }

  @Delete()
  @ApiOperation({ operationId: 'forgetFacts', summary: 'Forget everything about a contact', description: FORGETTING })
  @Answers(forgottenSchema, 'How much was forgotten')
  async forgetAll(@CurrentCaller() { tenantId }: Caller, @Param('contactId') contactId: string): Promise<{ forgotten: number }> {
    return { forgotten: await this.forgetting.forgetEverything(tenantId, contactId) };
  }

  @Delete(':factId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'forgetFact', summary: 'Forget one fact', description: FORGETTING })
  @ApiNoContentResponse({ description: 'It is forgotten' })
  forget(@CurrentCaller() { tenantId }: Caller, @Param('contactId') contactId: string, @Param('factId') factId: string): Promise<void> {
    return this.forgetting.forgetOne(tenantId, contactId, factId);
  }
}
