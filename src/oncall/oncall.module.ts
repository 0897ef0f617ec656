import { Module } from '@nestjs/common';
import { StaffModule } from '../staff/staff.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { ExceptionsController } from './exceptions.controller.js';
import { ExceptionsService } from './exceptions.service.js';
import { ImportController } from './import.controller.js';
import { ImportService } from './import.service.js';
import { OncallController } from './oncall.controller.js';
import { OncallService } from './oncall.service.js';
import { SchedulesController } from './schedules.controller.js';
import { SchedulesService } from './schedules.service.js';

// owns: schedules, schedule_exceptions
// woken by: /api/v1/schedules, /api/v1/preflight
// wakes: nothing
// may import: tenancy, staff
@Module({
  imports: [TenancyModule, StaffModule],
  controllers: [ImportController, SchedulesController, ExceptionsController, OncallController],
  providers: [SchedulesService, ExceptionsService, OncallService, ImportService],
  exports: [OncallService],
})
export class OncallModule {}
