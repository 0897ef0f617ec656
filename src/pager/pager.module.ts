import { Module } from '@nestjs/common';
import { EscalationModule } from '../escalation/escalation.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { AcknowledgeController } from './acknowledge.controller.js';
import { AlertsController } from './alerts.controller.js';
import { PagerService } from './pager.service.js';

// owns: nothing
// woken by: /webhooks/twilio/alerts, /a
// wakes: nothing
// may import: tenancy, escalation
@Module({
  imports: [TenancyModule, EscalationModule],
  controllers: [AlertsController, AcknowledgeController],
  providers: [PagerService],
})
export class PagerModule {}
