import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { recordTransition, type Transition, Transitions } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict } from '@throughline/kernel/errors.js';
import { AlertPrivacyRepository } from './alert-privacy.repository.js';
import type { AlertPrivacy } from './policies.types.js';
import { byItself, whatChanged } from './privacy.policy.js';

/** What an alert may say, on which channel. */
@Injectable()
export class AlertPrivacyService {
  private readonly rows = new AlertPrivacyRepository();
  private readonly log = new Transitions();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  of(tenantId: string): Promise<AlertPrivacy> {
    return this.database.transaction(tenantId, (tx) => this.in(tx));
  }

  async in(tx: Tx): Promise<AlertPrivacy> {
    return (await this.rows.find(tx)) ?? byItself;
  }

  /** Alerts that have left stay as they are. @throws HubError `conflict` when somebody else has changed it since */
  change(tenantId: string, { version, allowed, reason }: Pick<AlertPrivacy, 'version' | 'allowed'> & { reason: string }, by: string | undefined): Promise<AlertPrivacy> {
    const changedAt = this.clock.now();
    return this.database.transaction(tenantId, async (tx) => {
      const present = (await this.rows.lock(tx)) ?? byItself;
      const changed = { allowed, reason, version: version + 1, changedAt };
      const isFirst = present.version === version && (await this.rows.put(tx, changed));
      if (!isFirst) throw conflict('changed_meanwhile', 'Somebody else has changed it since. Read it again before you change it.');
      recordTransition(tx, {
        conversationSid: null, machine: 'alert_privacy', entityId: tenantId, from: `version ${version}`, to: `version ${version + 1}`, at: changedAt,
        cause: `${whatChanged(present.allowed, allowed)}, because: ${reason}${by ? `, by ${by}` : ''}`,
      });
      return changed;
    });
  }

  /** Oldest first. */
  changes(tenantId: string, after: { at: Date; id: string } | null, limit: number): Promise<Transition[]> {
    return this.database.transaction(tenantId, (tx) => this.log.of(tx, tenantId, after, limit));
  }
}
