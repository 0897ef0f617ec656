import { Module } from '@nestjs/common';
import { OncallModule } from '../oncall/oncall.module.js';
import { StaffModule } from '../staff/staff.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { CalendarsController } from './calendars.controller.js';
import { CalendarsService } from './calendars.service.js';
import { FeedController } from './feed.controller.js';

// owns: calendars
// woken by: /api/v1/schedules/:scheduleId/calendars, /calendars
// wakes: nothing
// may import: tenancy, staff, oncall
@Module({
  imports: [TenancyModule, StaffModule, OncallModule],
  controllers: [CalendarsController, FeedController],
  providers: [CalendarsService],
})
export class CalendarsModule {}
