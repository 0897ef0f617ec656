import type { Tx } from '@throughline/database/database.js';
import type { Consent } from './contacts.types.js';

/** SQL of `consents`. */
export class ConsentsRepository {
  async find(tx: Tx, channel: string, address: string, sender: string): Promise<Consent | null> {
    const [row] = await tx.rows<Consent>(
      `select channel, address, sender, state, evidence, changed_at from consents
       where tenant_id = $1 and channel = $2 and address = $3 and sender = $4`,
      [tx.tenantId, channel, address, sender],
    );
    return row ?? null;
  }

  /** The newest word counts: one that arrives late does not undo a newer one. */
  save(tx: Tx, consent: Consent): void {
    tx.write(
      `insert into consents as c (tenant_id, channel, address, sender, state, evidence, changed_at)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (tenant_id, channel, address, sender) do update
       set state = excluded.state, evidence = excluded.evidence, changed_at = excluded.changed_at
       where c.changed_at <= excluded.changed_at`,
      [tx.tenantId, consent.channel, consent.address, consent.sender, consent.state, consent.evidence, consent.changedAt],
    );
  }

  async ofAddresses(tx: Tx, addresses: string[]): Promise<Consent[]> {
    return tx.rows<Consent>(
      'select channel, address, sender, state, evidence, changed_at from consents where address = any($1) order by changed_at',
      [addresses],
    );
  }
}
