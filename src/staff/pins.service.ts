import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { recordTransition } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { notFound } from '@throughline/kernel/errors.js';
import { isUuid } from '@throughline/kernel/ids.js';
import { Seal } from '@throughline/kernel/seal.js';
import { AppConfig } from '../app.config.js';
import { fits, hashOf } from './pin.policy.js';
import { PinsRepository } from './pins.repository.js';
import { StaffRepository } from './staff.repository.js';

const HOUR_MS = 3_600_000;
const MOST_WRONG = 5;

/** `closed`: five wrong ones within an hour; `none`: they have no PIN. */
export type PinOutcome = { outcome: 'right'; changedAt: Date } | { outcome: 'wrong' | 'closed' | 'none' };

/** By what a staff member shows that it is them. */
@Injectable()
export class PinsService {
  private readonly log = new Logger('Staff');
  private readonly pins = new PinsRepository();
  private readonly members = new StaffRepository();
  private readonly seal: Seal;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    config: AppConfig,
  ) {
    this.seal = new Seal(config.secretsKey);
  }

  /** Whoever is signed in by the old one is not any more. @throws HubError `not_found` */
  async set(tenantId: string, staffId: string, pin: string, by: string | undefined): Promise<void> {
    const hash = await hashOf(this.marked(staffId, pin));
    await this.database.transaction(tenantId, async (tx) => {
      await this.lock(tx, staffId);
      const isThere = (await this.pins.find(tx, staffId)) !== null;
      this.pins.set(tx, staffId, hash, this.clock.now());
      this.note(tx, staffId, isThere ? 'set' : 'none', 'set', byWhom(by));
    });
  }

  /** @throws HubError `not_found`, also where they have none */
  remove(tenantId: string, staffId: string, by: string | undefined): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => {
      await this.lock(tx, staffId);
      if (!(await this.pins.remove(tx, staffId))) throw notFound('PIN of staff member', staffId);
      this.note(tx, staffId, 'set', 'none', byWhom(by));
    });
  }

  /** They work here no more. */
  async forget(tx: Tx, staffId: string): Promise<void> {
    await this.pins.remove(tx, staffId);
  }

  /** When it was set; null where they have none. */
  async setAt(tenantId: string, staffId: string): Promise<Date | null> {
    return (await this.database.transaction(tenantId, (tx) => this.pins.find(tx, staffId)))?.changedAt ?? null;
  }

  /** Counted before it is looked at, so that many at once are no more tries than one after the other. */
  async check(tenantId: string, staffId: string, pin: string): Promise<PinOutcome> {
    const now = this.clock.now();
    const counted = await this.database.transaction(tenantId, (tx) => this.pins.count(tx, staffId, now, new Date(now.getTime() - HOUR_MS)));
    if (!counted) return { outcome: 'none' };
    if (counted.tries > MOST_WRONG) return { outcome: 'closed' };
    const isRight = await fits(this.marked(staffId, pin), counted.hash);
    await this.database.transaction(tenantId, async (tx) => {
      if (isRight) this.pins.uncount(tx, staffId);
      else if (counted.tries === MOST_WRONG) this.note(tx, staffId, 'set', 'closed', `${MOST_WRONG} wrong ones within an hour`);
    });
    if (isRight) return { outcome: 'right', changedAt: counted.changedAt };
    if (counted.tries === MOST_WRONG) this.log.warn(`staff member ${staffId}: ${MOST_WRONG} wrong PINs, none is taken for an hour`);
    return { outcome: counted.tries === MOST_WRONG ? 'closed' : 'wrong' };
  }

  private note(tx: Tx, entityId: string, from: string, to: string, cause: string): void {
    recordTransition(tx, { conversationSid: null, machine: 'staff_pin', entityId, from, to, cause, at: this.clock.now() });
  }

  private async lock(tx: Tx, staffId: string): Promise<void> {
    if (!isUuid(staffId) || !(await this.members.lock(tx, staffId))) throw notFound('staff member', staffId);
  }

  private marked(staffId: string, pin: string): Buffer {
    return this.seal.sign(pin, `staff pin/${staffId}`);
  }
}

const byWhom = (by: string | undefined): string => (by ? `by ${by}` : 'through the API');
