import type { Tx } from '@throughline/database/database.js';
import type { ContactMethod } from './staff.types.js';

const COLUMNS = 'id, staff_id, channel, address, verified_at, created_at';

/** SQL of `contact_methods`. */
export class MethodsRepository {
  /** Behind those that are there. @returns false when they have it already */
  async add(tx: Tx, method: ContactMethod): Promise<boolean> {
    return (await tx.count(
      `insert into contact_methods (tenant_id, ${COLUMNS}, position)
       select $1, $2, $3, $4, $5, $6, $7, coalesce(max(position) + 1, 0) from contact_methods where tenant_id = $1 and staff_id = $3
       on conflict do nothing`,
      [tx.tenantId, method.id, method.staffId, method.channel, method.address, method.verifiedAt, method.createdAt],
    )) === 1;
  }

  /** Of all of these, in the order in which each one's are tried. */
  async of(tx: Tx, staffIds: readonly string[]): Promise<ContactMethod[]> {
    return tx.rows<ContactMethod>(
      `select ${COLUMNS} from contact_methods where tenant_id = $1 and staff_id = any($2::uuid[]) order by staff_id, position, id`, [tx.tenantId, staffIds],
    );
  }

  /** Whatever they are reached by at this number or address; only what a code has shown to be theirs. */
  async at(tx: Tx, address: string): Promise<ContactMethod[]> {
    return tx.rows<ContactMethod>(`select ${COLUMNS} from contact_methods where tenant_id = $1 and address = $2 and verified_at is not null order by id`, [tx.tenantId, address]);
  }

  order(tx: Tx, staffId: string, ids: readonly string[]): void {
    tx.write(
      'update contact_methods set position = array_position($3::uuid[], id) where tenant_id = $1 and staff_id = $2', [tx.tenantId, staffId, ids],
    );
  }

  /** What shows that a number is theirs shows it for calls and texts alike. */
  async verify(tx: Tx, { staffId, channel, address }: ContactMethod, at: Date): Promise<ContactMethod[]> {
    const channels = channel === 'sms' || channel === 'voice' ? ['sms', 'voice'] : [channel];
    return tx.rows<ContactMethod>(
      `update contact_methods set verified_at = $5 where tenant_id = $1 and staff_id = $2 and address = $3 and channel = any($4) and verified_at is null returning ${COLUMNS}`,
      [tx.tenantId, staffId, address, channels, at],
    );
  }

  async remove(tx: Tx, id: string): Promise<boolean> {
    return (await tx.count('delete from contact_methods where tenant_id = $1 and id = $2', [tx.tenantId, id])) === 1;
  }

  removeAll(tx: Tx, staffId: string): void {
    tx.write('delete from contact_methods where tenant_id = $1 and staff_id = $2', [tx.tenantId, staffId]);
  }
}
