import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { uuidOf, uuidv7 } from '@throughline/kernel/ids.js';
import { isCoarse, type JobName, type JobPayload, jobCatalog } from './job-catalog.js';
import type { OutboxRow } from './outbox.rows.js';
import { Relay } from './relay.js';

export type JobRequest = {
  [N in JobName]: { name: N; payload: JobPayload<N>; dueAt?: Date; key?: string };
}[JobName];

/**
 * How long the sweep leaves a due row alone. The relay hands it to the queue at once, so a row that is still
 * here after this long belongs to a process that died between commit and relay, or to a queue with a backlog.
 */
const GRACE_MS = 5_000;

/** Jobs are rows first: written in the caller's transaction, handed to the queue right after its commit. */
@Injectable()
export class Outbox {
  constructor(
    private readonly clock: Clock,
    private readonly relay: Relay,
  ) {}

  /**
   * Requests jobs within `tx`. With a `key` there is at most one such job at a time for the tenant: asking
   * again while it waits changes nothing; asking again for one that was set aside gives it a new life.
   */
  enqueue(tx: Tx, ...requests: JobRequest[]): void {
    if (requests.length === 0) return;
    const rows = requests.map((request) => this.row(tx.tenantId, request));
    tx.write<{ id: string; generation: number }>(
      `insert into outbox as o (id, tenant_id, name, payload, due_at, wake_at, created_at)
       select r.id, $1, r.name, r.payload, r.due_at, r.due_at + make_interval(secs => case when r.coarse then 0 else $2 end), $3
       from jsonb_to_recordset($4::jsonb) as r(id uuid, name text, payload jsonb, due_at timestamptz, coarse boolean)
       on conflict (id) do update set payload = excluded.payload, due_at = excluded.due_at, wake_at = excluded.wake_at,
         generation = o.generation + 1, failures = 0, dead_at = null
       where o.dead_at is not null returning o.id, o.generation`,
      [tx.tenantId, GRACE_MS / 1_000, this.clock.now(), JSON.stringify(rows.map(recordOf))],
      (inserted) => this.relay.push(this.ready(rows, inserted)),
    );
  }

  /** Those rows that were asked for anew and need not wait where they are. */
  private ready(rows: OutboxRow[], inserted: { id: string; generation: number }[]): OutboxRow[] {
    const fresh = new Map(inserted.map((row) => [row.id, row.generation]));
    const now = this.clock.ms();
    return rows.filter((row) => fresh.has(row.id) && !waitsInItsRow(row, now)).map((row) => ({ ...row, generation: fresh.get(row.id)! }));
  }

  /** Takes back a job that was asked for with a key and has not begun. Nothing happens when it is gone already. */
  cancel(tx: Tx, name: JobName, key: string): void {
    tx.write('delete from outbox where id = $1', [idOf(tx.tenantId, name, key)]);
  }

  /** Errors of jobs may quote what they were about: those that hold one of these texts are emptied. @returns how many */
  forgetErrors(tx: Tx, texts: string[]): Promise<number> {
    return tx.count(
      `update outbox set last_error = null where tenant_id = $1 and last_error is not null
       and exists (select 1 from unnest($2::text[]) as text where strpos(last_error, text) > 0)`,
      [tx.tenantId, texts],
    );
  }

  private row(tenantId: string, request: JobRequest): OutboxRow {
    const payload = jobCatalog[request.name].payload.parse(request.payload);
    const id = request.key ? idOf(tenantId, request.name, request.key) : uuidv7(this.clock.ms());
    return { id, tenantId, name: request.name, payload, dueAt: request.dueAt ?? this.clock.now(), generation: 0 };
  }
}

const idOf = (tenantId: string, name: JobName, key: string): string => uuidOf(`${tenantId}/${name}/${key}`);

const waitsInItsRow = (row: OutboxRow, now: number): boolean => isCoarse(row.name) && row.dueAt.getTime() > now;

const recordOf = (row: OutboxRow): Record<string, unknown> => ({
  id: row.id,
  name: row.name,
  payload: row.payload,
  due_at: row.dueAt.toISOString(),
  coarse: isCoarse(row.name),
});
