import type { Tx } from '@throughline/database/database.js';
import type { SecretRows } from '@throughline/database/tenant-secrets.js';
import type { Upload } from './media.types.js';

const COLUMNS = 'id, tenant_id, conversation_sid, state, content_type, size, sha256, filename, storage_key, created_at';

/** SQL of `media_uploads` and `media_keys`. */
export class UploadsRepository implements SecretRows {
  insert(tx: Tx, { id, conversationSid, storageKey, createdAt }: Pick<Upload, 'id' | 'conversationSid' | 'storageKey' | 'createdAt'>): void {
    tx.write(
      `insert into media_uploads (id, tenant_id, conversation_sid, state, storage_key, created_at) values ($1, $2, $3, 'arriving', $4, $5)`,
      [id, tx.tenantId, conversationSid, storageKey, createdAt],
    );
  }

  /** @returns false when its conversation was erased meanwhile */
  async setReady(tx: Tx, { id, contentType, size, sha256, filename }: Pick<Upload, 'id' | 'contentType' | 'size' | 'sha256' | 'filename'>): Promise<boolean> {
    return (await tx.count(
      `update media_uploads set state = 'ready', content_type = $2, size = $3, sha256 = $4, filename = $5 where id = $1 and state = 'arriving'`,
      [id, contentType, size, sha256, filename],
    )) === 1;
  }

  /** Those of them that are there for this conversation, which afterwards are no uploads any more. */
  async take(tx: Tx, conversationSid: string, ids: string[]): Promise<Upload[]> {
    return tx.rows<Upload>(
      `delete from media_uploads where tenant_id = $1 and conversation_sid = $2 and id = any($3::uuid[]) and state = 'ready' returning ${COLUMNS}`,
      [tx.tenantId, conversationSid, ids],
    );
  }

  /** @returns where its file is; null when it was sent */
  async expire(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.rows<{ storageKey: string }>(
      `update media_uploads set state = 'expired', content_type = null, size = null, sha256 = null, filename = null where id = $1 returning storage_key`, [id],
    );
    return row?.storageKey ?? null;
  }

  /** The same for a whole conversation. @returns how many there were */
  async expireAll(tx: Tx, conversationSid: string): Promise<number> {
    return tx.count(
      `update media_uploads set state = 'expired', content_type = null, size = null, sha256 = null, filename = null
       where tenant_id = $1 and conversation_sid = $2 and state <> 'expired'`,
      [tx.tenantId, conversationSid],
    );
  }

  async expiredKeys(tx: Tx, conversationSid: string): Promise<string[]> {
    return (await tx.rows<{ storageKey: string }>(
      `select storage_key from media_uploads where tenant_id = $1 and conversation_sid = $2 and state = 'expired'`, [tx.tenantId, conversationSid],
    )).map((row) => row.storageKey);
  }

  delete(tx: Tx, id: string): void {
    tx.write(`delete from media_uploads where id = $1 and state = 'expired'`, [id]);
  }

  async firstSecret(tx: Tx, offered: string): Promise<string> {
    tx.write('insert into media_keys (tenant_id, secret, created_at) values ($1, $2, now()) on conflict do nothing', [tx.tenantId, offered]);
    return (await this.secret(tx))!;
  }

  async secret(tx: Tx): Promise<string | null> {
    const [row] = await tx.rows<{ secret: string }>('select secret from media_keys where tenant_id = $1', [tx.tenantId]);
    return row?.secret ?? null;
  }
}
