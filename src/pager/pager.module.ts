import { Module } from '@nestjs/common';
import { CallbackModule } from '../callback/callback.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { EscalationModule } from '../escalation/escalation.module.js';
import { StaffModule } from '../staff/staff.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { AcknowledgeController } from './acknowledge.controller.js';
import { AlertsController } from './alerts.controller.js';
import { DetailsController } from './details.controller.js';
import { DetailsService } from './details.service.js';
import { LinkGuard } from './pager.guard.js';
import { PagerService } from './pager.service.js';
import { SessionsService } from './sessions.service.js';

// owns: nothing
// woken by: /webhooks/twilio/alerts, /a
// wakes: nothing
// may import: tenancy, conversations, staff, escalation, callback
@Module({
  imports: [TenancyModule, ConversationsModule, StaffModule, EscalationModule, CallbackModule],
  controllers: [AlertsController, AcknowledgeController, DetailsController],
  providers: [PagerService, DetailsService, SessionsService, LinkGuard],
})
export class PagerModule {}
