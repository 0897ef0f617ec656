import { Global, Module } from '@nestjs/common';
import { AdminGuard, ApiTokenGuard, TwilioSignatureGuard } from './tenancy.guard.js';
import { TenancyService } from './tenancy.service.js';

// owns: tenants, senders, api_tokens
// woken by: /api/v1/tenants, /api/v1/senders
// wakes: nothing
// may import: no room
@Global()
@Module({
  providers: [TenancyService, TwilioSignatureGuard, ApiTokenGuard, AdminGuard],
  exports: [TenancyService, TwilioSignatureGuard, ApiTokenGuard, AdminGuard],
})
export class TenancyModule {}
