import { Module } from '@nestjs/common';
import { EscalationModule } from '../escalation/escalation.module.js';
import { OncallModule } from '../oncall/oncall.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { StaffModule } from '../staff/staff.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { DrillsController } from './drills.controller.js';
import { BeginProcessor, DueProcessor } from './drills.processors.js';
import { DrillsService } from './drills.service.js';
import { StepsService } from './steps.service.js';
import { WarningsService } from './warnings.service.js';

// owns: drills, drill_runs
// woken by: /api/v1/drills, /api/v1/preflight/warnings, jobs drills.due, drills.begin
// wakes: drills.due, drills.begin
// may import: tenancy, staff, oncall, policies, escalation
@Module({
  imports: [TenancyModule, StaffModule, OncallModule, PoliciesModule, EscalationModule],
  controllers: [DrillsController],
  providers: [DrillsService, WarningsService, StepsService, DueProcessor, BeginProcessor],
})
export class DrillsModule {}
