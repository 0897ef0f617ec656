import type { Tx } from '@throughline/database/database.js';
import type { VisitorUpload } from './media.types.js';

const COLUMNS = 'id, tenant_id, address, name, content_type, size, created_at';

/** SQL of `visitor_uploads`. */
export class VisitorUploadsRepository {
  async insert(tx: Tx, upload: VisitorUpload): Promise<void> {
    await tx.count(
      `insert into visitor_uploads (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7)`,
      [upload.id, upload.tenantId, upload.address, upload.name, upload.contentType, upload.size, upload.createdAt],
    );
  }

  async of(tx: Tx, address: string, ids: readonly string[]): Promise<VisitorUpload[]> {
    return tx.rows<VisitorUpload>(`select ${COLUMNS} from visitor_uploads where tenant_id = $1 and address = $2 and id = any($3::uuid[])`, [tx.tenantId, address, ids]);
  }

  async until(tx: Tx, until: Date, most: number): Promise<VisitorUpload[]> {
    return tx.rows<VisitorUpload>(`select ${COLUMNS} from visitor_uploads where tenant_id = $1 and created_at <= $2 order by created_at limit $3`, [tx.tenantId, until, most]);
  }

  async ofAddresses(tx: Tx, addresses: string[]): Promise<VisitorUpload[]> {
    return tx.rows<VisitorUpload>(`select ${COLUMNS} from visitor_uploads where tenant_id = $1 and address = any($2)`, [tx.tenantId, addresses]);
  }

  /** Files of others that are called like one of these addresses have no name any more. */
  async forgetNames(tx: Tx, addresses: string[]): Promise<void> {
    await tx.count(
      `update visitor_uploads set name = null where tenant_id = $1 and exists (select 1 from unnest($2::text[]) as address where strpos(lower(name), lower(address)) > 0)`,
      [tx.tenantId, addresses],
    );
  }

  async remove(tx: Tx, ids: readonly string[]): Promise<number> {
    return tx.count('delete from visitor_uploads where id = any($1::uuid[])', [ids]);
  }
}
