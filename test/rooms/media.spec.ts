import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { appDataSource, Database } from '@throughline/database/database.js';
import { ShiftableClock } from '@throughline/kernel/clock.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import type { DataSource } from 'typeorm';
import type { Message } from '../../src/conversations/conversations.types.js';
import { MediaService } from '../../src/media/media.service.js';
import { MediaStore } from '../../src/media/media.store.js';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';

const TENANT = uuidv7(1);
const GIF = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACAUwAOw==', 'base64');

let fresh: TestDatabase;
let dataSource: DataSource;
const thread = new Map<string, Message>();
/** Milliseconds that each attachment takes to come. */
const slowness = new Map<string, number>();
let media: MediaService;

class Shelf extends MediaStore {
  private readonly files = new Map<string, Buffer>();

  async put(key: string, bytes: Buffer): Promise<void> {
    this.files.set(key, bytes);
  }

  async get(key: string): Promise<Buffer | null> {
    return this.files.get(key) ?? null;
  }
}

beforeAll(async () => {
  fresh = await freshDatabase();
  dataSource = await appDataSource({ url: fresh.url }).initialize();
  const twilio = {
    fetch: async (url: string) => {
      await delay(slowness.get(url) ?? 0);
      return { bytes: Buffer.concat([GIF, Buffer.from(url)]), contentType: 'image/gif' };
    },
  };
  const conversations = { messageIn: async (_tx: unknown, id: string) => thread.get(id) ?? null };
  media = new MediaService(new Database(dataSource), new ShiftableClock(), conversations as never, twilio as never, new Shelf());
});
afterAll(async () => {
  await dataSource.destroy();
  await fresh.drop();
});

function message(...urls: string[]): Message {
  const sent = { id: uuidv7(thread.size + 10), tenantId: TENANT, conversationSid: 'CH1', media: urls.map((url) => ({ url, contentType: 'image/gif' })) } as Message;
  thread.set(sent.id, sent);
  return sent;
}

const shown = async (messages: Message[], most: number): Promise<string[]> =>
  [...(await media.pictures(TENANT, messages, most)).values()].flat().map(({ bytes }) => bytes.subarray(GIF.length).toString());

test('pictures are shown in the order in which the customer sent them, however long each took to fetch', async () => {
  const [first, second] = [message('a', 'b'), message('c', 'd')];
  slowness.set('a', 60).set('b', 20).set('c', 30);
  await media.fetch(TENANT, second.id);
  await media.fetch(TENANT, first.id);
  expect(await shown([first, second], 4)).toEqual(['a', 'b', 'c', 'd']);
});

test('of too many the last ones that the customer sent are shown', async () => {
  const [first, second] = [message('e', 'f'), message('g', 'h')];
  slowness.set('g', 60);
  await media.fetch(TENANT, second.id);
  await media.fetch(TENANT, first.id);
  expect(await shown([first, second], 3)).toEqual(['f', 'g', 'h']);
});
