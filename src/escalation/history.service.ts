import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import type { FiguresRow, Interruption, LoggedAttempt, LogPage, Range, TakenRow } from './escalation.types.js';
import { HistoryRepository } from './history.repository.js';

type After = { at: Date; id: string } | null;

/** What has happened over a time. */
@Injectable()
export class HistoryService {
  private readonly history = new HistoryRepository();
  /** First lines of the tables. */
  readonly heads = this.history.heads;

  constructor(private readonly database: Database) {}

  attempts(tenantId: string, range: Range, after: After, limit: number): Promise<LoggedAttempt[]> {
    return this.database.transaction(tenantId, (tx) => this.history.attempts(tx, range, after, limit));
  }

  attemptLines(tenantId: string, range: Range, after: After, limit: number): Promise<LogPage | null> {
    return this.database.transaction(tenantId, (tx) => this.history.attemptLines(tx, range, after, limit));
  }

  incidentLines(tenantId: string, range: Range, after: After, limit: number): Promise<LogPage | null> {
    return this.database.transaction(tenantId, (tx) => this.history.incidentLines(tx, range, after, limit));
  }

  /** All that a report is made of, as it is at one moment. */
  figures(tenantId: string, range: Range, asOf: Date): Promise<{ figures: FiguresRow[]; taken: TakenRow[]; interruptions: Interruption[] }> {
    return this.database.transaction(tenantId, async (tx) => ({
      figures: await this.history.figures(tx, range, asOf), taken: await this.history.taken(tx, range), interruptions: await this.history.interruptions(tx, range),
    }));
  }
}
