import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import type { Caller } from '../tenancy/tenancy.types.js';
import { type DeliveriesQuery, deliveriesQuery, deliveriesSchema, deliverySchema } from './delivery.schemas.js';
import { DeliveryService } from './delivery.service.js';
import type { Delivery } from './delivery.types.js';

/** What became of the messages that were sent. */
@Controller('api/v1/deliveries')
@ManagementApi('Deliveries')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveryService) {}

  @Get()
  @ApiOperation({ operationId: 'listDeliveries', summary: 'Deliveries, oldest first' })
  @Answers(deliveriesSchema, 'A page of deliveries')
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: deliveriesQuery }) query: DeliveriesQuery): Promise<Page<Delivery>> {
    const { limit, cursor, conversationSid = null, state = null } = query;
    const rows = await this.deliveries.list(tenantId, { conversationSid, state, after: cursor, limit: limit + 1 });
    return pageOf(rows, limit, (delivery) => ({ at: delivery.createdAt, id: delivery.id }));
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getDelivery', summary: 'One delivery' })
  @Answers(deliverySchema, 'The delivery')
  get(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string): Promise<Delivery> {
    return this.deliveries.delivery(tenantId, id);
  }
}
