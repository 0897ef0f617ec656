import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import type { Transition } from '@throughline/database/transitions.js';
import { changesSchema } from '../staff/staff.types.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import { type Caller, type PageQuery, pageQuery } from '../tenancy/tenancy.types.js';
import { AlertPrivacyService } from './alert-privacy.service.js';
import { alertPrivacySchema, type NewAlertPrivacyBody, newAlertPrivacySchema } from './policies.schemas.js';
import type { AlertPrivacy } from './policies.types.js';

/** What alerts may say. */
@Controller('api/v1/alert-privacy')
@ManagementApi('On-call')
export class AlertPrivacyController {
  constructor(private readonly privacy: AlertPrivacyService) {}

  @Get()
  @ApiOperation({ operationId: 'getAlertPrivacy', summary: 'What alerts may say, on which channel' })
  @Answers(alertPrivacySchema, 'As it is now')
  one(@CurrentCaller() { tenantId }: Caller): Promise<AlertPrivacy> {
    return this.privacy.of(tenantId);
  }

  @Put()
  @ApiOperation({ operationId: 'setAlertPrivacy', summary: 'Say what alerts may say, on which channel', description: 'Holds for whatever has not left yet. Each alert notes what it carried, and by which version.' })
  @ApiConflictResponse({ description: 'Somebody else has changed it since it was read' })
  @Answers(alertPrivacySchema, 'As it is from now on')
  change(@CurrentCaller() { tenantId }: Caller, @Body({ schema: newAlertPrivacySchema }) { by, ...wanted }: NewAlertPrivacyBody): Promise<AlertPrivacy> {
    return this.privacy.change(tenantId, wanted, by);
  }

  @Get('changes')
  @ApiOperation({ operationId: 'listAlertPrivacyChanges', summary: 'What was changed about it, why, and by whom, oldest first' })
  @Answers(changesSchema, 'A page of changes')
  async changes(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<Transition>> {
    return pageOf(await this.privacy.changes(tenantId, cursor, limit + 1), limit, ({ at, id }) => ({ at, id }));
  }
}
