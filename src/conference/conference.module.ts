import { Module } from '@nestjs/common';
import { CallsModule } from '../calls/calls.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { TransferModule } from '../transfer/transfer.module.js';
import { ConferenceController } from './conference.controller.js';
import { ConferenceService } from './conference.service.js';

// owns: nothing
// woken by: /webhooks/twilio/voice/transfer
// wakes: nothing
// may import: tenancy, calls, transfer
@Module({
  imports: [TenancyModule, CallsModule, TransferModule],
  controllers: [ConferenceController],
  providers: [ConferenceService],
})
export class ConferenceModule {}
