import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';
import { callOfTicket, isFromVapi } from '@throughline/vapi/signature.js';
import type { Request } from 'express';
import { AppConfig } from '../app.config.js';
import { noteRefused, routeOf } from '../tenancy/tenancy.guard.js';
import { TICKET_HEADER } from './assistant.policy.js';
import type { Proof } from './vapi.types.js';

type VapiRequest = Request & { body: Buffer; proof?: Proof };

/**
 * Lets in whoever shows the ticket of a call, which we have given to Vapi with it, or knows the secret. The body is still bytes here. A ticket that is none is not made
 * good by a secret.
 */
@Injectable()
export class VapiGuard implements CanActivate {
  constructor(private readonly config: AppConfig, private readonly clock: Clock) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<VapiRequest>();
    const proof = this.proofOf(request);
    if (!proof) {
      noteRefused(routeOf(request));
      throw new HubError('forbidden', 'forbidden', 'Forbidden');
    }
    request.proof = proof;
    return true;
  }

  private proofOf({ headers, body }: VapiRequest): Proof | null {
    const { secretsKey, vapi: { secret } } = this.config;
    const ticket = headers[TICKET_HEADER];
    if (ticket !== undefined) {
      const callSid = callOfTicket(typeof ticket === 'string' ? ticket : undefined, secretsKey);
      return callSid === null ? null : { callSid };
    }
    const rawBody = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    return secret !== undefined && isFromVapi({ headers, rawBody }, secret, this.clock.ms()) ? 'secret' : null;
  }
}

/** What the request has shown. */
export const Proved = createParamDecorator((_: unknown, context: ExecutionContext): Proof => context.switchToHttp().getRequest<VapiRequest>().proof!);

/** The bytes of a request that was let in. */
export const Bytes = createParamDecorator((_: unknown, context: ExecutionContext): Buffer => context.switchToHttp().getRequest<VapiRequest>().body);
