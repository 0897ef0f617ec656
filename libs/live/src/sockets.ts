import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { createAdapter as overPostgres } from '@socket.io/postgres-adapter';
import { createAdapter as overRedis } from '@socket.io/redis-streams-adapter';
import { PooledClient } from '@throughline/database/client.js';
import { APP_ROLE } from '@throughline/database/database.js';
import { Redis } from 'ioredis';
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
  const both = { query: (text: string, values?: unknown[]) => pool.query(text, values), connect: () => ear.open() };
  const adapter = overPostgres(both as unknown as pg.Pool, { tableName: 'live.attachments', payloadThreshold: MOST_NOTIFIED, errorHandler: () => undefined });
  return { adapter, close: () => ear.close().then(() => pool.end()) };
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
    const client = Object.assign(new PooledClient(this.config), { release: () => undefined });
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
    // What was said while nobody listened is lost here, and nowhere else.
    if (this.opened) tell('gap', {});
    this.opened = true;
    return client;
  }

  async close(): Promise<void> {
    await this.present?.end().catch(() => undefined);
  }
}

function redisCarrier(url: string): Carrier {
  const redis = new Mouth(url);
  let heard = false;
  redis.on('ready', () => {
    // What was said while Redis was away went to the sockets of this process only.
    if (heard) tell('gap', {});
    heard = true;
  });
  const forget = setInterval(() => void forgetOld(redis).catch(() => undefined), KEPT_MS);
  forget.unref();
  return {
    adapter: overRedis(redis, { streamName: STREAM, maxLen: 10_000 }) as never,
    close: async () => {
      clearInterval(forget);
      redis.disconnect();
    },
  };
}

/**
 * Speaks, or does not: while Redis is away words are not kept for it, and nobody who is connected here waits for it. Those who listen
 * (the adapter duplicates the connection for that) wait as long as it takes.
 */
class Mouth extends Redis {
  constructor(private readonly url: string) {
    super(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: ANSWER_MS });
    this.on('error', () => undefined);
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
