import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import type { Caller } from '../tenancy/tenancy.types.js';
import { exportSchema, reportSchema } from './privacy.schemas.js';
import { PrivacyService } from './privacy.service.js';
import type { ErasureReport } from './privacy.types.js';

/** A person's copy of their data, and their wish that it is gone. */
@Controller('api/v1/contacts/:contactId')
@ManagementApi('Contacts')
export class PrivacyController {
  constructor(private readonly privacy: PrivacyService) {}

  @Get('export')
  @ApiOperation({ operationId: 'exportContact', summary: 'Everything that is kept of a contact, in one answer' })
  @Answers(exportSchema, 'Every row, oldest first')
  export(@CurrentCaller() { tenantId }: Caller, @Param('contactId') contactId: string): Promise<Record<string, unknown>> {
    return this.privacy.export(tenantId, contactId);
  }

  @Post('erasure')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'eraseContact', summary: 'Erase a contact for good',
    description:
      'From every store and from Twilio (Conversation, messages, attachments, user). Cannot be undone. The contact is not found any more within seconds; ' +
      'Twilio follows after two minutes, when nothing is under way any more. Opt-outs keep holding, under a digest of the address. Who writes from the ' +
      'address later is somebody new. Asking again answers how far it has come.',
  })
  @Answers(reportSchema, 'How far it has come', 202)
  erase(@CurrentCaller() { tenantId }: Caller, @Param('contactId') contactId: string): Promise<ErasureReport> {
    return this.privacy.erase(tenantId, contactId);
  }

  @Get('erasure')
  @ApiOperation({ operationId: 'getErasure', summary: 'How far the erasure of a contact has come, and what it removed' })
  @Answers(reportSchema, 'The report')
  report(@CurrentCaller() { tenantId }: Caller, @Param('contactId') contactId: string): Promise<ErasureReport> {
    return this.privacy.report(tenantId, contactId);
  }
}
