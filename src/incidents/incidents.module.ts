import { Module } from '@nestjs/common';
import { EscalationModule } from '../escalation/escalation.module.js';
import { OncallModule } from '../oncall/oncall.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { StaffModule } from '../staff/staff.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { IncidentsController } from './incidents.controller.js';
import { IncidentsService } from './incidents.service.js';
import { ReportsController } from './reports.controller.js';
import { ReportsService } from './reports.service.js';

// owns: nothing
// woken by: /api/v1/incidents, /api/v1/incident-attempts, /api/v1/reports
// wakes: nothing
// may import: tenancy, staff, oncall, policies, escalation
@Module({
  imports: [TenancyModule, StaffModule, OncallModule, PoliciesModule, EscalationModule],
  controllers: [IncidentsController, ReportsController],
  providers: [IncidentsService, ReportsService],
})
export class IncidentsModule {}
