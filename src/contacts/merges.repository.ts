import type { Tx } from '@throughline/database/database.js';
import type { Merge } from './contacts.types.js';

const COLUMNS = 'id, absorbed_id, surviving_id, address_ids, staff, reason, merged_at, undone_at, undone_by';

/** SQL of `merges`, and of what a merge does to contacts and addresses. */
export class MergesRepository {
  insert(tx: Tx, merge: Merge): void {
    tx.write(
      `insert into merges (tenant_id, ${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [tx.tenantId, merge.id, merge.absorbedId, merge.survivingId, JSON.stringify(merge.addressIds), merge.staff, merge.reason, merge.mergedAt, merge.undoneAt, merge.undoneBy],
    );
  }

  async find(tx: Tx, id: string): Promise<Merge | null> {
    const [row] = await tx.rows<Merge>(`select ${COLUMNS} from merges where id = $1`, [id]);
    return row ?? null;
  }

  /** The merge that this contact has gone into, if it has not been undone. */
  async ofAbsorbed(tx: Tx, absorbedId: string): Promise<Merge | null> {
    const [row] = await tx.rows<Merge>(`select ${COLUMNS} from merges where tenant_id = $1 and absorbed_id = $2 and undone_at is null`, [tx.tenantId, absorbedId]);
    return row ?? null;
  }

  async ofContacts(tx: Tx, ids: string[]): Promise<Merge[]> {
    return tx.rows<Merge>(
      `select ${COLUMNS} from merges where tenant_id = $1 and (absorbed_id = any($2::uuid[]) or surviving_id = any($2::uuid[])) order by merged_at, id`,
      [tx.tenantId, ids],
    );
  }

  /** That they were merged stays; why may tell about them. */
  async erase(tx: Tx, ids: string[]): Promise<number> {
    return tx.count(
      `update merges set reason = null where tenant_id = $1 and (absorbed_id = any($2::uuid[]) or surviving_id = any($2::uuid[])) and reason is not null`,
      [tx.tenantId, ids],
    );
  }

  setUndone(tx: Tx, id: string, by: string, at: Date): void {
    tx.write('update merges set undone_at = $2, undone_by = $3 where id = $1', [id, at, by]);
  }

  setMergedInto(tx: Tx, contactId: string, survivingId: string | null): void {
    tx.write('update contacts set merged_into = $2 where id = $1', [contactId, survivingId]);
  }

  /** @returns the ids of the addresses that have changed hands */
  async moveAll(tx: Tx, from: string, to: string): Promise<string[]> {
    return (await tx.rows<{ id: string }>('update addresses set contact_id = $2 where contact_id = $1 returning id', [from, to])).map(({ id }) => id);
  }

  /** Only those that still belong to `from`. */
  async move(tx: Tx, addressIds: string[], from: string, to: string): Promise<void> {
    await tx.count('update addresses set contact_id = $3 where id = any($1::uuid[]) and contact_id = $2', [addressIds, from, to]);
  }
}
