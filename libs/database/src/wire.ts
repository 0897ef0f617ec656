import type { PoolClient, QueryResult } from 'pg';
import { prepared } from './prepared.js';

type Rows = QueryResult<Record<string, unknown>>;

/**
 * One transaction on its connection. Most of what a short statement costs is the way there and back, so statements that need
 * not wait for each other travel together: `begin` with the first one, those nobody waits for with the next one or with
 * `commit`. The connection must have the option `pipeline`.
 */
export class Wire {
  private opened = false;
  private over = false;
  private held = false;
  private committing = false;
  private failed: unknown;

  constructor(
    private readonly client: PoolClient,
    private readonly opening: string,
  ) {}

  /** @throws the first thing that went wrong in this transaction; what came after it only says that the transaction is broken */
  async run(sql: string, parameters: unknown[]): Promise<Rows> {
    const result = this.submit(sql, parameters);
    queueMicrotask(() => this.letGo());
    try {
      return await result;
    } catch (error) {
      throw (this.failed ??= error);
    }
  }

  /**
   * Its failure is the transaction's, at the latest at the commit.
   *
   * @throws when the transaction is over
   */
  write(sql: string, parameters: unknown[]): Promise<Rows['rows']> {
    return this.submit(sql, parameters).then((result) => result.rows, (error: unknown) => {
      this.failed ??= error;
      return [];
    });
  }

  /** A transaction in which nothing was asked was never opened. */
  async end(how: 'commit' | 'rollback'): Promise<void> {
    this.over = true;
    if (!this.opened) return;
    this.opened = false;
    this.committing ||= how === 'commit';
    const ended = this.client.query(how);
    this.letGo();
    await ended;
    if (how === 'commit' && this.failed) throw this.failed;
  }

  /** The connection broke when nobody had asked for the commit yet, so there was none. */
  get brokeBeforeCommit(): boolean {
    return !this.committing && this.failed !== undefined && isConnectionLoss(this.failed);
  }

  private submit(sql: string, parameters: unknown[]): Promise<Rows> {
    // Of several that were started together, one may go on when another's failure has ended it. The connection is somebody else's by then.
    if (this.over) throw new Error('The transaction is over.');
    this.hold();
    if (!this.opened) {
      this.opened = true;
      this.client.query(this.opening).catch((error: unknown) => (this.failed ??= error));
    }
    return this.client.query<Record<string, unknown>>(prepared(sql, parameters));
  }

  private hold(): void {
    if (this.held) return;
    this.held = true;
    this.client.connection.stream.cork();
  }

  private letGo(): void {
    if (!this.held) return;
    this.held = false;
    this.client.connection.stream.uncork();
  }
}

/** What the server says when it goes (57P01 to 57P03, class 08), and what is no word of the server at all: the socket's errors. */
function isConnectionLoss(error: unknown): boolean {
  const { severity, code } = error as { severity?: unknown; code?: unknown };
  return severity === undefined || (typeof code === 'string' && /^(57P0[1-3]|08)/.test(code));
}
