import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { Seal } from '@throughline/kernel/seal.js';
import type { CookieOptions } from 'express';
import { AppConfig } from '../app.config.js';
import type { Attempt } from '../escalation/escalation.types.js';
import { StaffService } from '../staff/staff.service.js';

const OPEN_FOR_MS = 900_000;
const COOKIE = 'details';

export interface SessionCookie {
  name: string;
  value: string;
  options: CookieOptions;
}

export type Entry = { outcome: 'open'; cookie: SessionCookie } | { outcome: 'wrong' | 'closed' | 'none' };

/** Who has shown by their PIN that they are the one to whom an alert was sent. For a quarter of an hour, for this link and this browser, until the PIN is changed. */
@Injectable()
export class SessionsService {
  private readonly seal: Seal;
  private readonly isSecure: boolean;

  constructor(
    config: AppConfig,
    private readonly clock: Clock,
    private readonly staff: StaffService,
  ) {
    this.seal = new Seal(config.secretsKey);
    // Only the sandbox and tests are reached without TLS, and there a browser would not take it.
    this.isSecure = config.publicBaseUrl.startsWith('https:');
  }

  /** @param path of the link */
  async enter({ id, tenantId, staffId }: Attempt, pin: string, path: string): Promise<Entry> {
    if (!staffId) return { outcome: 'none' };
    const found = await this.staff.pins.check(tenantId, staffId, pin);
    if (found.outcome !== 'right') return found;
    const until = this.clock.ms() + OPEN_FOR_MS;
    const value = `${until}.${this.mark(id, staffId, found.changedAt, until).toString('base64url')}`;
    return { outcome: 'open', cookie: { name: COOKIE, value, options: { path, maxAge: OPEN_FOR_MS, httpOnly: true, sameSite: 'strict', secure: this.isSecure } } };
  }

  /** @returns `none` for somebody who has no PIN */
  async stateOf({ id, tenantId, staffId }: Attempt, cookies: string): Promise<'open' | 'shut' | 'none'> {
    const setAt = staffId && (await this.staff.pins.setAt(tenantId, staffId));
    if (!staffId || !setAt) return 'none';
    const [, until, mark] = new RegExp(`(?:^|;\\s*)${COOKIE}=(\\d{13})\\.([\\w-]{43})(?:;|$)`).exec(cookies) ?? [];
    if (!until || !mark || Number(until) <= this.clock.ms()) return 'shut';
    return timingSafeEqual(Buffer.from(mark, 'base64url'), this.mark(id, staffId, setAt, Number(until))) ? 'open' : 'shut';
  }

  private mark(attemptId: string, staffId: string, pinSetAt: Date, until: number): Buffer {
    return this.seal.sign([attemptId, staffId, pinSetAt.toISOString(), until].join('/'), 'incident details');
  }
}
