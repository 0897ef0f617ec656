import { prepared } from '@throughline/database/prepared.js';
import type pg from 'pg';

/**
 * Which queues have a job under way: what their workers look through for jobs of a worker that died. BullMQ asks for each queue by itself, and
 * writes down that it did, so that a hub with nothing to do had seven transactions a second of it. One look does for all who ask at about the same time.
 */
export class UnderWay {
  private look: Promise<Set<string>> | undefined;
  private lookedAt = 0;

  constructor(private readonly pool: pg.Pool) {}

  /** @param atMostOldMs how old an answer may be. @throws what Postgres says */
  async has(queue: string, atMostOldMs: number): Promise<boolean> {
    if (!this.look || Date.now() - this.lookedAt >= atMostOldMs) {
      this.lookedAt = Date.now();
      this.look = this.ask();
      this.look.catch(() => (this.look = undefined));
    }
    return (await this.look).has(queue);
  }

  private async ask(): Promise<Set<string>> {
    const { rows } = await this.pool.query<{ queue: string }>(prepared("select distinct queue from job where state = 'active'", []));
    return new Set(rows.map(({ queue }) => queue));
  }
}
