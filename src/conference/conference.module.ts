import { Module } from '@nestjs/common';
import { CallbackModule } from '../callback/callback.module.js';
import { CallsModule } from '../calls/calls.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { TransferModule } from '../transfer/transfer.module.js';
import { ConferenceController } from './conference.controller.js';
import { ConferenceService } from './conference.service.js';
import { MeetingController } from './meeting.controller.js';
import { MeetingEntry } from './meeting.entry.js';
import { MeetingService } from './meeting.service.js';
import { PersonService } from './person.service.js';
import { TakerService } from './taker.service.js';

// owns: nothing
// woken by: /webhooks/twilio/voice/transfer, /webhooks/twilio/voice/callback
// wakes: nothing
// may import: tenancy, calls, transfer, callback
@Module({
  imports: [TenancyModule, CallsModule, TransferModule, CallbackModule],
  controllers: [ConferenceController, MeetingController],
  providers: [ConferenceService, MeetingService, MeetingEntry, TakerService, PersonService],
})
export class ConferenceModule {}
