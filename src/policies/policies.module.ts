import { Module } from '@nestjs/common';
import { OncallModule } from '../oncall/oncall.module.js';
import { StaffModule } from '../staff/staff.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { AlertPrivacyController } from './alert-privacy.controller.js';
import { AlertPrivacyService } from './alert-privacy.service.js';
import { PoliciesController } from './policies.controller.js';
import { PoliciesService } from './policies.service.js';

// owns: policies, alert_privacy
// woken by: /api/v1/policies, /api/v1/alert-privacy
// wakes: nothing
// may import: tenancy, staff, oncall
@Module({
  imports: [TenancyModule, StaffModule, OncallModule],
  controllers: [PoliciesController, AlertPrivacyController],
  providers: [PoliciesService, AlertPrivacyService],
  exports: [PoliciesService],
})
export class PoliciesModule {}
