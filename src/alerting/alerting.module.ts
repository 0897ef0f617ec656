import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { EscalationModule } from '../escalation/escalation.module.js';
import { PlacingModule } from '../placing/placing.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { AlertProcessor } from './alert.processor.js';
import { AlertingService } from './alerting.service.js';
import { TextsService } from './texts.service.js';
import { TwilioCarrier } from './twilio.carrier.js';

// owns: nothing
// woken by: job escalation.alert
// wakes: nothing
// may import: tenancy, contacts, placing, policies, escalation
@Module({
  imports: [TenancyModule, ContactsModule, PlacingModule, EscalationModule],
  providers: [AlertingService, TextsService, TwilioCarrier, AlertProcessor],
  exports: [AlertingService],
})
export class AlertingModule {}
