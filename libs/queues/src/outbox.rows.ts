import { lasting } from '@throughline/database/client.js';
import { camelRow } from '@throughline/database/naming.js';
import { prepared } from '@throughline/database/prepared.js';
import { APP_ROLE, SYSTEM } from '@throughline/database/database.js';
import pg from 'pg';
import type { JobName } from './job-catalog.js';

export interface OutboxRow {
  id: string;
  tenantId: string;
  name: JobName;
  payload: Record<string, unknown>;
  dueAt: Date;
  /** Counts the times the job was given to the queue anew; part of the job's id there. */
  generation: number;
}

/** A row that the sweep has taken into its hands. */
export interface ClaimedRow extends OutboxRow {
  /** Whether the row's own time was up, rather than only its due time (see `claimDue`). */
  overdue: boolean;
}

/** So many failures in a row are no hiccup any more: half a minute at least, whatever the job. */
const FAILING = 8;

/** Which job of a row is meant: one that was thought dead has a successor. */
type Settled = Pick<OutboxRow, 'id' | 'generation'>;

/**
 * The outbox as the relay, the runner and the sweep see it: single statements over all tenants, outside of any
 * transaction of the rooms, on connections that see the routing tables only.
 */
export class OutboxRows {
  private readonly pool: pg.Pool;
  private finished: Settled[] = [];
  private flushing: Promise<void> | undefined;

  constructor(url: string) {
    this.pool = new pg.Pool({
      ...lasting(2),
      connectionString: url,
      max: 4,
      application_name: 'throughline-outbox',
      // A deletion lost to a power cut runs its job once more, to no effect.
      options: `-c role=${APP_ROLE} -c app.tenant=${SYSTEM} -c synchronous_commit=off`,
    });
    // An idle connection that the server ends is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', () => undefined);
  }

  /**
   * Takes rows that somebody should look at, and keeps other sweeps off them for `visibilityMs`.
   *
   * @param eager also take rows that have only just become due: asked for after the clock was moved
   */
  async claimDue(now: Date, visibilityMs: number, eager: boolean): Promise<ClaimedRow[]> {
    const { rows } = await this.query(
      `update outbox o set wake_at = $1::timestamptz + make_interval(secs => $2)
       from (select id, wake_at <= $1 as overdue from outbox
             where dead_at is null and ${eager ? 'due_at' : 'wake_at'} <= $1
             order by wake_at limit 500 for update skip locked) as due
       where o.id = due.id
       returning o.id, o.tenant_id, o.name, o.payload, o.due_at, o.generation, due.overdue`,
      [now, visibilityMs / 1_000],
    );
    return rows.map((row: Record<string, unknown>) => camelRow<ClaimedRow>(row));
  }

  async nextGeneration(id: string): Promise<number> {
    const { rows } = await this.query(
      'update outbox set generation = generation + 1 where id = $1 returning generation', [id],
    );
    return (rows[0] as { generation: number } | undefined)?.generation ?? -1;
  }

  /**
   * The job is to run again at `dueAt`, unless another job has taken over its row.
   *
   * @param well it asked for that itself, nothing failed: earlier failures count no more
   */
  async postpone({ id, generation }: Settled, dueAt: Date, graceMs: number, well: boolean): Promise<void> {
    await this.query(
      `update outbox set due_at = $3, wake_at = $3::timestamptz + make_interval(secs => $4),
       failures = case when $5 then 0 else failures end, last_error = case when $5 then null else last_error end
       where id = $1 and generation = $2`,
      [id, generation, dueAt, graceMs / 1_000, well],
    );
  }

  /** Notes an unexpected error; answers how often this job has failed by now. */
  async noteFailure(id: string, error: string): Promise<number> {
    const { rows } = await this.query(
      'update outbox set failures = failures + 1, last_error = $2 where id = $1 returning failures',
      [id, error.slice(0, 500)],
    );
    return (rows[0] as { failures: number } | undefined)?.failures ?? 0;
  }

  /** Too many errors: the row stays for people to see and is not run again. */
  async setAside(id: string, at: Date): Promise<void> {
    await this.query('update outbox set dead_at = $2 where id = $1', [id, at]);
  }

  /**
   * The job is done. Rows are removed in batches; one lost to a crash is run again, to no effect. A row whose job was
   * thought dead and has a successor stays.
   */
  done(row: Settled): void {
    this.finished.push(row);
    this.flushing ??= new Promise<void>((resolve) => setTimeout(resolve, 5)).then(() => this.flush());
  }

  private async flush(): Promise<void> {
    const rows = this.finished;
    this.finished = [];
    this.flushing = undefined;
    await this.query(
      'delete from outbox o using unnest($1::uuid[], $2::int[]) as f (id, generation) where o.id = f.id and o.generation = f.generation',
      [rows.map((row) => row.id), rows.map((row) => row.generation)],
    ).catch(() => undefined);
  }

  /** Whether the row still waits for its job, once everything that is done here has been written. */
  async isOpen({ id, generation }: Settled): Promise<boolean> {
    await this.flushing;
    const { rowCount } = await this.query('select 1 from outbox where id = $1 and generation = $2', [id, generation]);
    return rowCount === 1;
  }

  async counts(): Promise<{ waiting: number; failing: number; dead: number; oldestDueAt: Date | null }> {
    const { rows } = await this.query(
      `select count(*) filter (where dead_at is null)::int as waiting,
       count(*) filter (where dead_at is null and failures >= $1)::int as failing, count(*) filter (where dead_at is not null)::int as dead,
       min(due_at) filter (where dead_at is null) as oldest_due_at from outbox`,
      [FAILING],
    );
    return camelRow(rows[0] as Record<string, unknown>);
  }

  private query(sql: string, parameters: unknown[]): Promise<pg.QueryResult<Record<string, unknown>>> {
    return this.pool.query(prepared(sql, parameters));
  }

  async close(): Promise<void> {
    while (this.flushing) await this.flushing;
    await this.pool.end();
  }
}
