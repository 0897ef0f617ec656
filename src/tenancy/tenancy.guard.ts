import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { HubError } from '@throughline/kernel/errors.js';
import { addToLogScope } from '@throughline/kernel/log.js';
import { formParameters, isSignedByTwilio } from '@throughline/twilio/signature.js';
import type { Request } from 'express';
import { AppConfig } from '../app.config.js';
import { refusedSignatures } from './tenancy.metrics.js';
import { TenancyService } from './tenancy.service.js';
import type { Caller } from './tenancy.types.js';

type WebhookRequest = Request & { body: Buffer; form?: Record<string, string | string[]> };
type ApiRequest = Request & { caller?: Caller };

/**
 * Lets a webhook in only if our Twilio account signed it. The body is still bytes here: nothing of it has been
 * believed before the signature was checked. No detail leaves: who forges a webhook learns nothing.
 */
@Injectable()
export class TwilioSignatureGuard implements CanActivate {
  constructor(
    private readonly tenancy: TenancyService,
    private readonly config: AppConfig,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<WebhookRequest>();
    const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const form = formParameters(rawBody);
    const account = form['AccountSid'];
    const authTokens = typeof account === 'string' ? this.tenancy.authTokens(account) : [];
    const signed = isSignedByTwilio(
      {
        url: this.config.publicBaseUrl + request.originalUrl,
        signature: request.header('x-twilio-signature'),
        rawBody,
        contentType: request.header('content-type'),
      },
      authTokens,
    );
    if (!signed) {
      refusedSignatures.inc({ path: request.path });
      throw new HubError('forbidden', 'forbidden', 'Forbidden');
    }
    request.form = form;
    return true;
  }
}

/** The form parameters of a webhook whose signature was found right. */
export const SignedForm = createParamDecorator((_: unknown, context: ExecutionContext): Record<string, string | string[]> => {
  return context.switchToHttp().getRequest<WebhookRequest>().form ?? {};
});

/** The management API: a Bearer token, and with it the tenant. Never a tenant from the body. */
@Injectable()
export class ApiTokenGuard implements CanActivate {
  constructor(private readonly tenancy: TenancyService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const [scheme, token] = (request.header('authorization') ?? '').split(' ');
    const caller = scheme?.toLowerCase() === 'bearer' && token
      ? await this.tenancy.callerOf(token, request.header('tenant-id'))
      : null;
    if (!caller) {
      throw new HubError('unauthenticated', 'unauthenticated', 'Send a valid token: Authorization: Bearer <token>.');
    }
    request.caller = caller;
    addToLogScope({ tenantId: caller.tenantId });
    return true;
  }
}

/** Only the bootstrap token (`ADMIN_TOKEN`) may make and list tenants. */
@Injectable()
export class AdminGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.switchToHttp().getRequest<ApiRequest>().caller?.isAdmin) return true;
    throw new HubError('forbidden', 'forbidden', 'This needs the ADMIN_TOKEN of the hub.');
  }
}

/** Who is calling: `@CurrentCaller() caller: Caller`. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  return context.switchToHttp().getRequest<ApiRequest>().caller!;
});
