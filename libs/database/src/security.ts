import { APP_ROLE, SYSTEM } from './database.js';

/**
 * Statements that put a table under row-level security: a tenant's rows are seen by transactions of that tenant
 * only. `routing` tables (who owns this number? which job is due?) are seen by the system scope too.
 */
export function secured(table: string, kind: 'content' | 'routing', column = 'tenant_id'): string[] {
  const mine = `${column}::text = current_setting('app.tenant', true)`;
  const rule = kind === 'routing' ? `(${mine} or current_setting('app.tenant', true) = '${SYSTEM}')` : mine;
  return [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `create policy tenant_scope on ${table} to ${APP_ROLE} using (${rule}) with check (${rule})`,
    `grant select, insert, update, delete on ${table} to ${APP_ROLE}`,
  ];
}
