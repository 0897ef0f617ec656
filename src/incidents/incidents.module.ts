import { Module } from '@nestjs/common';
import { EscalationModule } from '../escalation/escalation.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { IncidentsController } from './incidents.controller.js';
import { IncidentsService } from './incidents.service.js';

// owns: nothing
// woken by: /api/v1/incidents
// wakes: nothing
// may import: tenancy, policies, escalation
@Module({
  imports: [TenancyModule, EscalationModule],
  controllers: [IncidentsController],
  providers: [IncidentsService],
})
export class IncidentsModule {}
