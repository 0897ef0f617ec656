import type { Tx } from '@throughline/database/database.js';
import type { AlarmWord } from './triage.types.js';

const COLUMNS = 'id, term, urgency, match, languages, version, created_at, changed_at';

/** SQL of `alarm_words`. */
export class WordsRepository {
  /** @returns false when the same words are there already */
  async insert(tx: Tx, { id, term, urgency, match, languages, version, createdAt, changedAt }: AlarmWord, key: string): Promise<boolean> {
    return (await tx.count(
      `insert into alarm_words (tenant_id, key, ${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
      [tx.tenantId, key, id, term, urgency, match, languages, version, createdAt, changedAt],
    )) === 1;
  }

  async find(tx: Tx, id: string): Promise<AlarmWord | null> {
    const [row] = await tx.rows<AlarmWord>(`select ${COLUMNS} from alarm_words where tenant_id = $1 and id = $2 and removed_at is null for update`, [tx.tenantId, id]);
    return row ?? null;
  }

  async ofKey(tx: Tx, key: string): Promise<AlarmWord | null> {
    const [row] = await tx.rows<AlarmWord>(`select ${COLUMNS} from alarm_words where tenant_id = $1 and key = $2 and removed_at is null`, [tx.tenantId, key]);
    return row ?? null;
  }

  async list(tx: Tx, after: { at: Date; id: string } | null, limit: number): Promise<AlarmWord[]> {
    return tx.rows<AlarmWord>(
      `select ${COLUMNS} from alarm_words where tenant_id = $1 and removed_at is null and ($2::timestamptz is null or (created_at, id) > ($2, $3::uuid)) order by created_at, id limit $4`,
      [tx.tenantId, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  async count(tx: Tx): Promise<number> {
    const [row] = await tx.rows<{ count: number }>('select count(*)::int as count from alarm_words where tenant_id = $1 and removed_at is null', [tx.tenantId]);
    return row!.count;
  }

  /** Grows with every change of any of them. */
  async version(tx: Tx): Promise<number> {
    const [row] = await tx.rows<{ version: number }>('select coalesce(sum(version), 0)::int as version from alarm_words where tenant_id = $1', [tx.tenantId]);
    return row!.version;
  }

  update(tx: Tx, { id, urgency, match, languages, version, changedAt }: AlarmWord): void {
    tx.write(
      'update alarm_words set urgency = $3, match = $4, languages = $5, version = $6, changed_at = $7 where tenant_id = $1 and id = $2',
      [tx.tenantId, id, urgency, match, languages, version, changedAt],
    );
  }

  remove(tx: Tx, id: string, at: Date): void {
    tx.write('update alarm_words set removed_at = $3, version = version + 1 where tenant_id = $1 and id = $2', [tx.tenantId, id, at]);
  }
}
