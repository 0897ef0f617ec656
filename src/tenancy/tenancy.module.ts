import { Global, Module } from '@nestjs/common';
import { ApiLimits } from './api.limits.js';
import { SendersController } from './senders.controller.js';
import { AdminGuard, ApiTokenGuard, TwilioSignatureGuard } from './tenancy.guard.js';
import { TenancyService } from './tenancy.service.js';
import { OwnTenantController, TenantsController } from './tenants.controller.js';
import { WindowsService } from './windows.service.js';

// owns: tenants, senders, api_tokens, use_windows
// woken by: /api/v1/tenants, /api/v1/tenant, /api/v1/senders
// wakes: nothing
// may import: no room
@Global()
@Module({
  controllers: [TenantsController, OwnTenantController, SendersController],
  providers: [TenancyService, WindowsService, ApiLimits, TwilioSignatureGuard, ApiTokenGuard, AdminGuard],
  exports: [TenancyService, ApiLimits, TwilioSignatureGuard, ApiTokenGuard, AdminGuard],
})
export class TenancyModule {}
