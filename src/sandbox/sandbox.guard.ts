import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { HubError } from '@throughline/kernel/errors.js';
import type { Request } from 'express';

const READS = new Set(['GET', 'HEAD']);

/** A page of another site, open in the same browser, moves no time and texts nobody: its browser names where it came from. */
@Injectable()
export class OwnPageGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { method, headers } = context.switchToHttp().getRequest<Request>();
    const { origin, host } = headers;
    if (READS.has(method) || origin === undefined || hostOf(origin) === host) return true;
    throw new HubError('forbidden', 'foreign_origin', 'Only the sandbox page itself may do this.');
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
