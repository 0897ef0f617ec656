import { prepared } from '@throughline/database/prepared.js';
import { PostgresConnection, type PostgresConnectionOptions, PostgresQueueBackend, type QueueBaseOptions, type WorkerOptions } from 'bullmq';
import pg from 'pg';
import { UnderWay } from './under-way.js';

/**
 * The one connection of this process that hears of new jobs. BullMQ opens one for each worker, and since all of them listen
 * to one channel, each job would wake ten of the server's processes and ten sockets of ours for the one worker that it is for.
 */
export class Listener {
  private client: Promise<pg.PoolClient> | undefined;
  private readonly lost = new Set<() => void>();

  constructor(private readonly pool: pg.Pool) {}

  /** @param lost is called when the connection broke, and with it every LISTEN made on it */
  get(lost: () => void): Promise<pg.PoolClient> {
    this.lost.add(lost);
    this.client ??= this.open();
    return this.client;
  }

  private async open(): Promise<pg.PoolClient> {
    try {
      const client = await this.pool.connect();
      client.setMaxListeners(0);
      client.once('error', () => this.drop(client));
      return client;
    } catch (error) {
      this.client = undefined;
      throw error;
    }
  }

  private drop(client: pg.PoolClient): void {
    this.client = undefined;
    client.removeAllListeners('notification');
    client.on('error', () => undefined);
    client.release(true);
    for (const tell of this.lost) tell();
  }

  async close(): Promise<void> {
    const client = await this.client?.catch(() => undefined);
    client?.removeAllListeners();
    client?.on('error', () => undefined);
    client?.release(true);
  }
}

class HubQueueBackend extends PostgresQueueBackend {
  constructor(
    connection: QueueConnection,
    name: string,
    opts: QueueBaseOptions<PostgresConnectionOptions>,
    private readonly underWay: UnderWay,
  ) {
    super(connection, name, opts, true);
  }

  override async moveStalledJobsToWait(): Promise<string[]> {
    const { stalledInterval = 0 } = this.opts as Pick<WorkerOptions, 'stalledInterval'>;
    return (await this.underWay.has(this.queueName, stalledInterval / 2)) ? super.moveStalledJobsToWait() : [];
  }
}

class QueueConnection extends PostgresConnection {
  private announcing: NodeJS.Timeout | undefined;
  private readonly heardNoMore = (): void => void this.emit('listenerinvalidated');

  constructor(pool: pg.Pool, private readonly listener: Listener) {
    super(preparing(pool) as PostgresConnectionOptions);
  }

  override getListenClient(): ReturnType<PostgresConnection['getListenClient']> {
    return this.listener.get(this.heardNoMore) as ReturnType<PostgresConnection['getListenClient']>;
  }

  /** The schema was brought up to date when the pool was opened: none of some seventy need look again, which took as many connections at once. */
  override async waitUntilReady(): Promise<void> {
    this.announcing ??= setTimeout(() => this.emit('ready'), 0);
  }

  /** The connection is everybody's, so it bears no worker's name. */
  override async setListenClientName(): Promise<void> {}
}

/** BullMQ asks the same twenty statements all day and gives them no names. */
const preparing = (pool: pg.Pool): unknown => ({
  options: pool.options,
  query: (text: string, values: unknown[] = []) => pool.query(prepared(text, values)),
  connect: () => pool.connect(),
  end: () => pool.end(),
  on: (event: 'error', hear: (error: Error) => void) => pool.on(event, hear),
  removeAllListeners: (event?: 'error') => pool.removeAllListeners(event),
});

/** What BullMQ makes its queues and workers with. */
export function backendFactory(pool: pg.Pool, listener: Listener) {
  const underWay = new UnderWay(pool);
  return (name: string, opts: QueueBaseOptions<PostgresConnectionOptions>): PostgresQueueBackend =>
    new HubQueueBackend(new QueueConnection(pool, listener), name, opts, underWay);
}
