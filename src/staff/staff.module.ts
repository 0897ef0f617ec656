import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { MethodsService } from './methods.service.js';
import { PinsService } from './pins.service.js';
import { MethodsController, PinsController, StaffController } from './staff.controller.js';
import { StaffService } from './staff.service.js';

// owns: staff_members, contact_methods, staff_pins
// woken by: /api/v1/staff
// wakes: nothing
// may import: tenancy, contacts
@Module({
  imports: [TenancyModule, ContactsModule],
  controllers: [StaffController, MethodsController, PinsController],
  providers: [StaffService, MethodsService, PinsService],
  exports: [StaffService],
})
export class StaffModule {}
