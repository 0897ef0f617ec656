import type { Tx } from '@throughline/database/database.js';

/** SQL of `contents`. */
export class ContentsRepository {
  async find(tx: Tx, shape: string): Promise<string | null> {
    const [row] = await tx.rows<{ contentSid: string }>('select content_sid from contents where tenant_id = $1 and shape = $2', [tx.tenantId, shape]);
    return row?.contentSid ?? null;
  }

  /** @returns false when another process was first */
  async insert(tx: Tx, shape: string, contentSid: string, at: Date): Promise<boolean> {
    return (await tx.rows(
      'insert into contents (tenant_id, shape, content_sid, created_at) values ($1, $2, $3, $4) on conflict do nothing returning 1', [tx.tenantId, shape, contentSid, at],
    )).length === 1;
  }

  remove(tx: Tx, contentSid: string): void {
    tx.write('delete from contents where tenant_id = $1 and content_sid = $2', [tx.tenantId, contentSid]);
  }
}
