import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { Answers, CurrentCaller, ManagementApi } from './tenancy.guard.js';
import { type NewSender, newSenderSchema, type SenderChange, senderChangeSchema, senderSchema, sendersSchema } from './tenancy.schemas.js';
import { TenancyService } from './tenancy.service.js';
import { type Caller, type PageQuery, pageQuery, type Sender } from './tenancy.types.js';

/** The addresses that the tenant is reached at and writes from. */
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
  @ApiOperation({
    operationId: 'addSender', summary: 'Register a number or another sender',
    description: 'A number whose webhook reaches the hub registers itself to the default tenant; other tenants name theirs here, before the first message.',
  })
  @ApiConflictResponse({ description: 'The Twilio account has this sender already, in whichever tenant' })
  @Answers(senderSchema, 'The new sender', 201)
  add(@CurrentCaller() { tenantId }: Caller, @Body({ schema: newSenderSchema }) sender: NewSender): Promise<Sender> {
    return this.tenancy.addSender(tenantId, { ...sender, origin: 'api' });
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'changeSender', summary: 'Change label, rate or Messaging Service', description: 'What is left out stays; null empties a field.' })
  @Answers(senderSchema, 'The sender as it is now')
  change(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Body({ schema: senderChangeSchema }) change: SenderChange): Promise<Sender> {
    return this.tenancy.changeSender(tenantId, id, change);
  }
}
