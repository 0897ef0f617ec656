import { Module } from '@nestjs/common';
import { OutboundModule } from '../outbound/outbound.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { AnsweringController } from './answering.controller.js';
import { AnsweringService } from './answering.service.js';

// owns: nothing
// woken by: /webhooks/twilio/voice/outbound
// wakes: nothing
// may import: tenancy, outbound
@Module({
  imports: [TenancyModule, OutboundModule],
  controllers: [AnsweringController],
  providers: [AnsweringService],
})
export class AnsweringModule {}
