import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { hear } from '@throughline/live/live.js';
import { Sockets } from '@throughline/live/sockets.js';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';

class Nothing {}
Module({})(Nothing);

/** A way to the database that lets nobody through at first. */
class Door {
  isOpen = false;
  private readonly knocks: (() => void)[] = [];
  private readonly server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (!this.isOpen) {
      socket.destroy();
      this.knocks.shift()?.();
      return;
    }
    const { hostname, port, searchParams } = this.database;
    const folder = searchParams.get('host');
    const behind = folder ? connect(`${folder}/.s.PGSQL.${port || 5432}`) : connect(Number(port || 5432), hostname);
    behind.on('error', () => socket.destroy());
    socket.pipe(behind).pipe(socket);
  });

  constructor(private readonly database: URL) {}

  /** The address of the database, by this way. */
  async url(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    const url = new URL(this.database);
    url.search = '';
    [url.hostname, url.port] = ['127.0.0.1', String((this.server.address() as AddressInfo).port)];
    return url.toString();
  }

  async sentAway(times: number): Promise<void> {
    for (let each = 0; each < times; each++) await new Promise<void>((resolve) => void this.knocks.push(resolve));
  }

  close(): void {
    this.server.close();
  }
}

let fresh: TestDatabase;
let app: INestApplication;
beforeAll(async () => {
  fresh = await freshDatabase();
  app = await NestFactory.create(Nothing, { logger: false });
});
afterAll(async () => {
  await app.close();
  await fresh.drop();
});

test('what could not be said to the other processes is asked for everywhere, as soon as they can be told', async () => {
  const door = new Door(new URL(fresh.url));
  const sockets = new Sockets(app, { databaseUrl: await door.url(), redisUrl: undefined, mayConnect: async () => true });
  const gaps: { everywhere: boolean; wasOpen: boolean }[] = [];
  const everywhere = new Promise<void>((resolve) => void hear('gap', (gap) => {
    gaps.push({ ...gap, wasOpen: door.isOpen });
    if (gap.everywhere) resolve();
  }));
  const server = sockets.createIOServer(0);
  server.of('/chat').emit('message', { body: 'Lost' });
  await door.sentAway(2); // who listens, and who says it
  door.isOpen = true;
  await everywhere;
  expect(gaps).toContainEqual({ everywhere: true, wasOpen: true });
  expect(gaps).not.toContainEqual({ everywhere: true, wasOpen: false });
  await server.close();
  await sockets.dispose();
  door.close();
});
