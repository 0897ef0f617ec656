import type { Tx } from '@throughline/database/database.js';
import type { WhatsappPair } from './contacts.types.js';

/** SQL of `whatsapp_windows`. */
export class WindowsRepository {
  /** One that arrives late does not shorten what a newer one opened. */
  note(tx: Tx, { sender, address }: WhatsappPair, at: Date): void {
    tx.write(
      `insert into whatsapp_windows as w (tenant_id, sender, address, last_wrote_at) values ($1, $2, $3, $4)
       on conflict (tenant_id, sender, address) do update set last_wrote_at = greatest(w.last_wrote_at, excluded.last_wrote_at)`,
      [tx.tenantId, sender, address, at],
    );
  }

  /** Of these addresses, but not of somebody new who has written from one of them since. */
  async erase(tx: Tx, addresses: string[], until: Date): Promise<number> {
    return tx.count(
      `delete from whatsapp_windows w where tenant_id = $1 and address = any($2) and (last_wrote_at <= $3 or not exists (
         select 1 from addresses a where a.tenant_id = $1 and a.channel = 'whatsapp' and a.address = w.address))`,
      [tx.tenantId, addresses, until],
    );
  }

  async ofAddresses(tx: Tx, addresses: string[]): Promise<(WhatsappPair & { lastWroteAt: Date })[]> {
    return tx.rows(
      'select sender, address, last_wrote_at from whatsapp_windows where tenant_id = $1 and address = any($2) order by last_wrote_at', [tx.tenantId, addresses],
    );
  }

  async of(tx: Tx, pairs: readonly WhatsappPair[]): Promise<(WhatsappPair & { lastWroteAt: Date })[]> {
    return tx.rows(
      `select sender, address, last_wrote_at from whatsapp_windows
       where tenant_id = $1 and (sender, address) in (select * from unnest($2::text[], $3::text[]))`,
      [tx.tenantId, pairs.map((pair) => pair.sender), pairs.map((pair) => pair.address)],
    );
  }
}
