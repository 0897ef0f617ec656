import { randomBytes } from 'node:crypto';
import type { Database, Tx } from './database.js';

/** The rows behind it: one secret per tenant, which never changes. */
export interface SecretRows {
  /** Writes it where there is none, and gives the one that counts. */
  firstSecret(tx: Tx, offered: string): Promise<string>;
  secret(tx: Tx): Promise<string | null>;
}

/** A secret of each tenant, made by whichever process needs it first, for all of them: 32 random bytes in base64url. */
export class TenantSecrets {
  private readonly known = new Map<string, string>();

  constructor(
    private readonly database: Database,
    private readonly rows: SecretRows,
  ) {}

  /** Made where there is none yet. */
  async of(tenantId: string): Promise<string> {
    return this.known.get(tenantId) ?? this.keep(tenantId, await this.database.transaction(tenantId, (tx) => this.rows.firstSecret(tx, randomBytes(32).toString('base64url'))));
  }

  /** Made by nobody's question: who asks for a tenant that is none, or has not needed one, gets null. */
  async existing(tenantId: string): Promise<string | null> {
    const secret = this.known.get(tenantId) ?? (await this.database.transaction(tenantId, (tx) => this.rows.secret(tx)));
    return secret === null ? null : this.keep(tenantId, secret);
  }

  private keep(tenantId: string, secret: string): string {
    this.known.set(tenantId, secret);
    return secret;
  }
}
