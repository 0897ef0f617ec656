import { Module } from '@nestjs/common';
import { CallsModule } from '../calls/calls.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { PlacingModule } from '../placing/placing.module.js';
import { DrivingService } from './driving.service.js';
import { LegsService } from './legs.service.js';
import { DriveProcessor, TransferClockProcessor } from './transfer.processors.js';
import { TransferService } from './transfer.service.js';

// owns: transfers, transfer_attempts, transfer_tenants
// woken by: transfer.drive, transfer.clock
// wakes: transfer.drive, transfer.clock
// may import: tenancy, conversations, calls, placing
@Module({
  imports: [ConversationsModule, CallsModule, PlacingModule],
  providers: [TransferService, DrivingService, LegsService, DriveProcessor, TransferClockProcessor],
  exports: [TransferService],
})
export class TransferModule {}
