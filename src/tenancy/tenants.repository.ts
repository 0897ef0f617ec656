import type { Tx } from '@throughline/database/database.js';
import { type Tenant, tenantSettingsSchema } from './tenancy.types.js';

type TenantRow = Omit<Tenant, 'settings'> & { settings: unknown };

const COLUMNS = 'id, name, account_sid, is_default, settings, created_at';

/** SQL of `tenants`. */
export class TenantsRepository {
  async insert(tx: Tx, tenant: Tenant): Promise<boolean> {
    const rows = await tx.rows(
      `insert into tenants (${COLUMNS}) values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning id`,
      [tenant.id, tenant.name, tenant.accountSid, tenant.isDefault, JSON.stringify(tenant.settings), tenant.createdAt],
    );
    return rows.length === 1;
  }

  async find(tx: Tx, id: string): Promise<Tenant | null> {
    const [row] = await tx.rows<TenantRow>(`select ${COLUMNS} from tenants where id = $1`, [id]);
    return row ? parsed(row) : null;
  }

  async lock(tx: Tx, id: string): Promise<Tenant | null> {
    const [row] = await tx.rows<TenantRow>(`select ${COLUMNS} from tenants where id = $1 for update`, [id]);
    return row ? parsed(row) : null;
  }

  async findDefault(tx: Tx, accountSid: string): Promise<Tenant | null> {
    const [row] = await tx.rows<TenantRow>(`select ${COLUMNS} from tenants where account_sid = $1 and is_default`, [accountSid]);
    return row ? parsed(row) : null;
  }

  async list(tx: Tx, after: { at: Date; id: string } | null, limit: number): Promise<Tenant[]> {
    const rows = await tx.rows<TenantRow>(
      `select ${COLUMNS} from tenants where $1::timestamptz is null or (created_at, id) > ($1, $2::uuid)
       order by created_at, id limit $3`,
      [after?.at ?? null, after?.id ?? null, limit],
    );
    return rows.map(parsed);
  }

  async ids(tx: Tx): Promise<string[]> {
    return (await tx.rows<{ id: string }>('select id from tenants')).map((row) => row.id);
  }

  /** Accounts that tenants of this database belong to. */
  async accounts(tx: Tx): Promise<string[]> {
    return (await tx.rows<{ accountSid: string }>('select distinct account_sid from tenants')).map((row) => row.accountSid);
  }

  async update(tx: Tx, id: string, name: string, settings: unknown): Promise<boolean> {
    return (await tx.count('update tenants set name = $2, settings = $3 where id = $1', [id, name, JSON.stringify(settings)])) === 1;
  }
}

const parsed = (row: TenantRow): Tenant => ({ ...row, settings: tenantSettingsSchema.parse(row.settings) });
