import { Module } from '@nestjs/common';
import { CallsModule } from '../calls/calls.module.js';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { PlacingModule } from '../placing/placing.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { DrivingService } from './driving.service.js';
import { GateService } from './gate.service.js';
import { OutboundController } from './outbound.controller.js';
import { OutboundProcessor } from './outbound.processors.js';
import { OutboundService } from './outbound.service.js';
import { ProgressService } from './progress.service.js';

// owns: outbound_calls
// woken by: /api/v1/calls, outbound.drive
// wakes: outbound.drive, calls.over
// may import: tenancy, contacts, conversations, calls, placing
@Module({
  imports: [TenancyModule, ContactsModule, ConversationsModule, CallsModule, PlacingModule],
  controllers: [OutboundController],
  providers: [OutboundService, ProgressService, GateService, DrivingService, OutboundProcessor],
  exports: [OutboundService],
})
export class OutboundModule {}
