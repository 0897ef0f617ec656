import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { MethodsService } from './methods.service.js';
import { MethodsController, StaffController } from './staff.controller.js';
import { StaffService } from './staff.service.js';

// owns: staff_members, contact_methods
// woken by: /api/v1/staff
// wakes: nothing
// may import: tenancy, contacts
@Module({
  imports: [TenancyModule, ContactsModule],
  controllers: [StaffController, MethodsController],
  providers: [StaffService, MethodsService],
  exports: [StaffService],
})
export class StaffModule {}
