import { Module } from '@nestjs/common';
import { EscalationModule } from '../escalation/escalation.module.js';
import { PlacingModule } from '../placing/placing.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { AlertProcessor } from './alert.processor.js';
import { AlertingService } from './alerting.service.js';
import { TextsService } from './texts.service.js';

// owns: nothing
// woken by: job escalation.alert
// wakes: nothing
// may import: tenancy, placing, escalation
@Module({
  imports: [TenancyModule, PlacingModule, EscalationModule],
  providers: [AlertingService, TextsService, AlertProcessor],
})
export class AlertingModule {}
