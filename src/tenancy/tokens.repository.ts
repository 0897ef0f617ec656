import type { Tx } from '@throughline/database/database.js';

export interface ApiToken {
  id: string;
  tenantId: string;
  name: string;
  tokenHash: string;
  createdAt: Date;
  revokedAt: Date | null;
}

/** SQL of `api_tokens`. Only hashes are kept: a copy of this table opens nothing. */
export class TokensRepository {
  insert(tx: Tx, token: ApiToken): void {
    tx.write(
      'insert into api_tokens (id, tenant_id, name, token_hash, created_at) values ($1, $2, $3, $4, $5)',
      [token.id, token.tenantId, token.name, token.tokenHash, token.createdAt],
    );
  }

  async tenantOf(tx: Tx, tokenHash: string): Promise<string | null> {
    const [row] = await tx.rows<{ tenantId: string }>(
      'select tenant_id from api_tokens where token_hash = $1 and revoked_at is null', [tokenHash],
    );
    return row?.tenantId ?? null;
  }

  async revoke(tx: Tx, tenantId: string, id: string, at: Date): Promise<boolean> {
    return (await tx.count(
      'update api_tokens set revoked_at = $3 where id = $1 and tenant_id = $2 and revoked_at is null', [id, tenantId, at],
    )) === 1;
  }
}
