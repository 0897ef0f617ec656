import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { Answers, CurrentCaller, ForOperator, ManagementApi } from './tenancy.guard.js';
import {
  type NewSender, newSenderSchema, type SenderChange, senderChangeSchema, type SenderMove, senderMoveSchema, senderSchema, sendersSchema,
} from './tenancy.schemas.js';
import { TenancyService } from './tenancy.service.js';
import { type Caller, type PageQuery, pageQuery, type Sender } from './tenancy.types.js';

/**
 * The addresses that the tenant is reached at and writes from. All tenants share one Twilio account, so nobody can prove
 * that a number of it is theirs: which is whose is said by the operator.
 */
@Controller('api/v1/senders')
@ManagementApi('Senders')
export class SendersController {
  constructor(private readonly tenancy: TenancyService) {}

  @Get()
  @ApiOperation({ operationId: 'listSenders', summary: 'Senders, oldest first' })
  @Answers(sendersSchema, 'A page of senders')
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<Sender>> {
    const rows = await this.tenancy.listSenders(tenantId, cursor, limit + 1);
    return pageOf(rows, limit, (sender) => ({ at: sender.createdAt, id: sender.id }));
  }

  @Post()
  @ForOperator()
  @ApiOperation({
    operationId: 'addSender', summary: 'Register a number or another sender',
    description:
      'Needs the ADMIN_TOKEN; the tenant is the one of `Tenant-Id`. A number whose webhook reaches the hub registers itself to the default tenant; ' +
      'those of other tenants are named here, before the first message. Texts from before that are not fetched from Twilio.',
  })
  @ApiConflictResponse({ description: 'The Twilio account has this sender already, in whichever tenant' })
  @Answers(senderSchema, 'The new sender', 201)
  add(@CurrentCaller() { tenantId }: Caller, @Body({ schema: newSenderSchema }) sender: NewSender): Promise<Sender> {
    return this.tenancy.addSender(tenantId, { ...sender, origin: 'api' });
  }

  @Patch(':id')
  @ForOperator()
  @ApiOperation({
    operationId: 'changeSender', summary: 'Change label, rate, Messaging Service or engine',
    description: 'Needs the ADMIN_TOKEN. What is left out stays; null empties a field, or goes back to the usual engine. Calls under way keep theirs.',
  })
  @Answers(senderSchema, 'The sender as it is now')
  change(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Body({ schema: senderChangeSchema }) change: SenderChange): Promise<Sender> {
    return this.tenancy.changeSender(tenantId, id, change);
  }

  @Post(':id/move')
  @HttpCode(200)
  @ForOperator()
  @ApiOperation({
    operationId: 'moveSender', summary: 'Give it to another tenant',
    description:
      'Needs the ADMIN_TOKEN; `Tenant-Id` names the tenant that has it. Its conversations stay with that tenant; what customers write from now on ' +
      'belongs to the new one, and `createdAt` is the moment of the move. Other processes follow within 5 seconds.',
  })
  @Answers(senderSchema, 'The sender as it is now')
  move(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Body({ schema: senderMoveSchema }) { toTenantId }: SenderMove): Promise<Sender> {
    return this.tenancy.moveSender(tenantId, id, toTenantId);
  }

  @Delete(':id')
  @HttpCode(204)
  @ForOperator()
  @ApiOperation({
    operationId: 'removeSender', summary: 'Forget a number or another sender',
    description:
      'Needs the ADMIN_TOKEN. What was said by it stays. While Twilio still sends its webhooks here, the next one registers it to the default tenant: ' +
      'point them elsewhere first. Other processes follow within 5 seconds.',
  })
  @ApiNoContentResponse({ description: 'It is no sender of this tenant any more' })
  remove(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string): Promise<void> {
    return this.tenancy.removeSender(tenantId, id);
  }
}
