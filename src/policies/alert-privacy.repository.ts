import type { Tx } from '@throughline/database/database.js';
import type { AlertPrivacy } from './policies.types.js';

/** SQL of `alert_privacy`. */
export class AlertPrivacyRepository {
  async find(tx: Tx): Promise<AlertPrivacy | null> {
    return this.one(tx, '');
  }

  async lock(tx: Tx): Promise<AlertPrivacy | null> {
    return this.one(tx, 'for update');
  }

  /** @returns false when another one was first */
  async put(tx: Tx, { allowed, reason, version, changedAt }: AlertPrivacy): Promise<boolean> {
    return (await tx.count(
      `insert into alert_privacy (tenant_id, allowed, reason, version, changed_at) values ($1, $2::jsonb, $3, $4, $5)
       on conflict (tenant_id) do update set allowed = excluded.allowed, reason = excluded.reason, version = excluded.version, changed_at = excluded.changed_at
       where alert_privacy.version = excluded.version - 1`,
      [tx.tenantId, JSON.stringify(allowed), reason, version, changedAt],
    )) === 1;
  }

  private async one(tx: Tx, suffix: '' | 'for update'): Promise<AlertPrivacy | null> {
    const [row] = await tx.rows<AlertPrivacy>(`select allowed, reason, version, changed_at from alert_privacy where tenant_id = $1 ${suffix}`, [tx.tenantId]);
    return row ?? null;
  }
}
