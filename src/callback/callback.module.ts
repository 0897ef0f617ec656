import { Module } from '@nestjs/common';
import { CallsModule } from '../calls/calls.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { EscalationModule } from '../escalation/escalation.module.js';
import { PlacingModule } from '../placing/placing.module.js';
import { StaffModule } from '../staff/staff.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { TransferModule } from '../transfer/transfer.module.js';
import { CallbackController } from './callback.controller.js';
import { CallbackClockProcessor, CallbackDriveProcessor, ConnectProcessor, TellProcessor } from './callback.processors.js';
import { CallbackService } from './callback.service.js';
import { DrivingService } from './driving.service.js';
import { LegsService } from './legs.service.js';
import { PersonsService } from './persons.service.js';
import { ProgressService } from './progress.service.js';
import { TellingService } from './telling.service.js';

// owns: callbacks, callback_tenants
// woken by: /api/v1/incidents/:id/connect, callback.tell, callback.connect, callback.drive, callback.clock
// wakes: callback.drive, callback.clock, calls.over
// may import: tenancy, conversations, calls, placing, staff, transfer, escalation
@Module({
  imports: [TenancyModule, ConversationsModule, CallsModule, PlacingModule, StaffModule, TransferModule, EscalationModule],
  controllers: [CallbackController],
  providers: [
    CallbackService, PersonsService, ProgressService, DrivingService, LegsService, TellingService, TellProcessor, ConnectProcessor, CallbackDriveProcessor, CallbackClockProcessor,
  ],
  exports: [CallbackService],
})
export class CallbackModule {}
