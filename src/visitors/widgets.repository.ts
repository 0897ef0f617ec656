import type { Tx } from '@throughline/database/database.js';
import type { Widget } from './visitors.types.js';

const COLUMNS = 'key, tenant_id, allowed_origins, title, greeting, accent_color, locale, attachments, lead, created_at';

/** SQL of `widgets`. */
export class WidgetsRepository {
  async insert(tx: Tx, widget: Widget): Promise<void> {
    await tx.count(
      `insert into widgets (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
      [widget.key, widget.tenantId, widget.allowedOrigins, widget.title, widget.greeting, widget.accentColor, widget.locale, widget.attachments,
        widget.lead, widget.createdAt],
    );
  }

  /** Of the tenant, or, in the system scope, of whichever. */
  async find(tx: Tx, key: string): Promise<Widget | null> {
    const [row] = await tx.rows<Widget>(`select ${COLUMNS} from widgets where key = $1`, [key]);
    return row ?? null;
  }

  async list(tx: Tx, after: { at: Date; id: string } | null, limit: number): Promise<Widget[]> {
    return tx.rows<Widget>(
      `select ${COLUMNS} from widgets where $1::timestamptz is null or (created_at, key) > ($1, $2) order by created_at, key limit $3`,
      [after?.at ?? null, after?.id ?? null, limit],
    );
  }

  async update(tx: Tx, widget: Widget): Promise<void> {
    await tx.count(
      `update widgets set allowed_origins = $2, title = $3, greeting = $4, accent_color = $5, locale = $6, attachments = $7, lead = $8 where key = $1`,
      [widget.key, widget.allowedOrigins, widget.title, widget.greeting, widget.accentColor, widget.locale, widget.attachments, widget.lead],
    );
  }

  async remove(tx: Tx, key: string): Promise<boolean> {
    return (await tx.count('delete from widgets where key = $1', [key])) === 1;
  }

  /** Whether pages of this origin may use any widget of anybody's. Asked in the system scope. */
  async isAllowedAnywhere(tx: Tx, origin: string): Promise<boolean> {
    return (await tx.rows('select 1 from widgets where allowed_origins @> array[$1::text] limit 1', [origin])).length > 0;
  }
}
