import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { HubError } from '@throughline/kernel/errors.js';
import type { Request } from 'express';
import { SANDBOX_OPTIONS, type SandboxOptions } from './sandbox.types.js';

const READS = new Set(['GET', 'HEAD']);
const THIS_MACHINE = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * Keeps the sandbox to its own page. A page of another site, open in the same browser, moves no time and texts nobody:
 * its browser names where it came from. Nor does it read the token by giving this machine a name of its own (DNS
 * rebinding): the browser then asks for that name.
 */
@Injectable()
export class OwnPageGuard implements CanActivate {
  constructor(@Inject(SANDBOX_OPTIONS) private readonly options: SandboxOptions) {}

  canActivate(context: ExecutionContext): boolean {
    const { method, headers } = context.switchToHttp().getRequest<Request>();
    const { origin, host = '' } = headers;
    if (!THIS_MACHINE.test(host) && host !== hostOf(this.options.publicBaseUrl)) {
      throw new HubError('forbidden', 'foreign_host', 'The sandbox answers under its own address only.');
    }
    if (READS.has(method) || origin === undefined || hostOf(origin) === host) return true;
    throw new HubError('forbidden', 'foreign_origin', 'Only the sandbox page itself may do this.');
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
