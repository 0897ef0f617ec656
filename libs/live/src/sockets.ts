import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { createAdapter as overPostgres } from '@socket.io/postgres-adapter';
import { createAdapter as overRedis } from '@socket.io/redis-streams-adapter';
import { PooledClient } from '@throughline/database/client.js';
import { APP_ROLE } from '@throughline/database/database.js';
import { Command, Redis } from 'ioredis';
import pg from 'pg';
import { Server, type ServerOptions } from 'socket.io';
import { tell } from './live.js';

/** How the hub's processes tell each other what their sockets are to hear. */
interface Carrier {
  adapter: ReturnType<typeof overPostgres>;
  close(): Promise<void>;
}

export interface SocketsOptions {
  databaseUrl: string;
  redisUrl: string | undefined;
  /** Whether a page of this origin, as its browser says, may have a connection. */
  mayConnect(origin: string): Promise<boolean>;
}

/** A larger frame than any that a browser of ours sends ends the connection. */
const LARGEST_FRAME = 64_000;
/** Who has not said what they want by then is nobody of ours. */
const CONNECT_MS = 10_000;
/** What went over Redis is kept no longer than a process needs to find its connection again. */
const KEPT_MS = 60_000;
/** In bytes, a little less than a NOTIFY takes (8,000). What is larger goes through a table for half a minute. */
const MOST_NOTIFIED = 7_800;
/** How long Redis has to take what is said, in milliseconds. */
const ANSWER_MS = 1_000;
/** After something could not be said to the other processes it is tried so often whether they can be told again, in milliseconds. */
const AMENDS_MS = 1_000;
const STREAM = 'throughline.sockets';

/**
 * Socket.IO for browsers. By WebSocket only: without polling any process may take any connection, and no proxy has to keep
 * a visitor at one of them. Where Redis is configured its streams carry what one process says to the sockets of another, else
 * the NOTIFY of Postgres does.
 */
export class Sockets extends IoAdapter {
  private readonly carrier: Carrier;

  constructor(private readonly app: INestApplication, private readonly options: SocketsOptions) {
    super(app);
    this.carrier = options.redisUrl ? redisCarrier(options.redisUrl) : postgresCarrier(options.databaseUrl);
  }

  override createIOServer(_port: number, options?: Partial<ServerOptions>): Server {
    const server = new Server(this.app.getHttpServer() as HttpServer, {
      ...options, transports: ['websocket'], serveClient: false, perMessageDeflate: false, httpCompression: false, allowUpgrades: false,
      maxHttpBufferSize: LARGEST_FRAME, connectTimeout: CONNECT_MS, adapter: this.carrier.adapter as never,
      allowRequest: ({ headers }: IncomingMessage, answer) => {
        this.options.mayConnect(headers.origin ?? '').then((may) => answer(null, may), () => answer('unavailable', false));
      },
    });
    // Socket.IO's own namespace asks for no token: nobody stays there. Who is in none is sent away after CONNECT_MS.
    server.use((_socket, next) => next(new Error('forbidden')));
    return server;
  }

  override async dispose(): Promise<void> {
    await this.carrier.close();
  }
}

function postgresCarrier(url: string): Carrier {
  const config = { connectionString: url, keepAlive: true, application_name: 'throughline-sockets', options: `-c role=${APP_ROLE}` };
  const pool = new pg.Pool({ ...config, Client: PooledClient, max: 3 });
  pool.on('error', () => undefined);
  const ear = new Ear(config);
  const amends = new Amends(() => pool.query('select 1'));
  const both = { query: (text: string, values?: unknown[]) => amends.ifLost(pool.query(text, values)), connect: () => ear.open() };
  const adapter = overPostgres(both as unknown as pg.Pool, { tableName: 'live.attachments', payloadThreshold: MOST_NOTIFIED, errorHandler: () => undefined });
  return {
    adapter,
    close: () => {
      amends.close();
      return ear.close().then(() => pool.end());
    },
  };
}

/**
 * The one connection that hears. The adapter (0.5.0) asks for two whenever one is lost, and would in the end listen on all that the pool
 * has: while there is one, nobody is given another.
 */
class Ear {
  private present: PooledClient | undefined;
  private opened = false;

  constructor(private readonly config: pg.ClientConfig) {}

  async open(): Promise<PooledClient & { release(): void }> {
    if (this.present) return new Promise(() => undefined);
    const client = new PooledClient(this.config);
    const { opened } = this;
    const query = client.query.bind(client) as (listen: string) => Promise<unknown>;
    const listen = async (text: string): Promise<unknown> => {
      const heard = await query(text);
      // What was said while nobody listened is lost here, and nowhere else.
      if (opened) tell('gap', { everywhere: false });
      return heard;
    };
    this.present = client;
    client.once('end', () => {
      if (this.present === client) this.present = undefined;
    });
    try {
      await client.connect();
    } catch (error) {
      this.present = undefined;
      throw error;
    }
    this.opened = true;
    return Object.assign(client, { query: listen as PooledClient['query'], release: () => undefined });
  }

  async close(): Promise<void> {
    await this.present?.end().catch(() => undefined);
  }
}

/** What could not be said to the other processes is asked for by all of their sockets, as soon as they can be told that. */
class Amends {
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly trial: () => Promise<unknown>) {}

  ifLost<T>(said: Promise<T>): Promise<T> {
    said.catch(() => this.owe());
    return said;
  }

  close(): void {
    clearTimeout(this.timer);
    this.isClosed = true;
  }

  private owe(): void {
    if (!this.isClosed) this.timer ??= setTimeout(() => void this.make(), AMENDS_MS).unref();
  }

  private async make(): Promise<void> {
    const isBack = await this.trial().then(() => true, () => false);
    this.timer = undefined;
    if (this.isClosed) return;
    if (isBack) tell('gap', { everywhere: true });
    else this.owe();
  }
}

function redisCarrier(url: string): Carrier {
  const redis = new Mouth(url);
  let heard = false;
  redis.on('ready', () => {
    // Redis may have lost what it was to tell this process.
    if (heard) tell('gap', { everywhere: false });
    heard = true;
  });
  const forget = setInterval(() => void forgetOld(redis).catch(() => undefined), KEPT_MS);
  forget.unref();
  return {
    adapter: overRedis(redis, { streamName: STREAM, maxLen: 10_000 }) as never,
    close: async () => {
      clearInterval(forget);
      redis.close();
    },
  };
}

/**
 * Speaks, or does not: while Redis is away words are not kept for it, and nobody who is connected here waits for it. Those who listen
 * (the adapter duplicates the connection for that) wait as long as it takes.
 */
class Mouth extends Redis {
  private readonly amends = new Amends(() => super.sendCommand(new Command('ping')) as Promise<unknown>);

  constructor(private readonly url: string) {
    super(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: ANSWER_MS });
    this.on('error', () => undefined);
  }

  override sendCommand(...[command, stream]: Parameters<Redis['sendCommand']>): unknown {
    const said = super.sendCommand(command, stream);
    void this.amends.ifLost(command.promise);
    return said;
  }

  close(): void {
    this.amends.close();
    this.disconnect();
  }

  override duplicate(): Redis {
    return new Redis(this.url, { maxRetriesPerRequest: null });
  }
}

/** The stream holds what people wrote; by Redis's own clock, which stamped it. */
async function forgetOld(redis: Redis): Promise<void> {
  const [seconds] = await redis.time();
  await redis.xtrim(STREAM, 'MINID', Number(seconds) * 1_000 - KEPT_MS);
}
