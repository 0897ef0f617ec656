import { Module } from '@nestjs/common';
import { OncallModule } from '../oncall/oncall.module.js';
import { StaffModule } from '../staff/staff.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { PoliciesController } from './policies.controller.js';
import { PoliciesService } from './policies.service.js';

// owns: policies
// woken by: /api/v1/policies
// wakes: nothing
// may import: tenancy, staff, oncall
@Module({
  imports: [TenancyModule, StaffModule, OncallModule],
  controllers: [PoliciesController],
  providers: [PoliciesService],
  exports: [PoliciesService],
})
export class PoliciesModule {}
