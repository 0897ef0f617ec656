import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { appDataSource, Database } from '@throughline/database/database.js';
import { ShiftableClock } from '@throughline/kernel/clock.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import type { DataSource } from 'typeorm';
import type { Message } from '../../src/conversations/conversations.types.js';
import { MediaService } from '../../src/media/media.service.js';
import { MediaStore } from '../../src/media/media.store.js';
import { IncomingService } from '../../src/media/incoming.service.js';
import type { JobRequest, Outbox } from '@throughline/queues/outbox.js';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';

const TENANT = uuidv7(1);
const HOUR = 3_600_000;
const TWILIO = 'https://api.twilio.com/';
const GIF = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACAUwAOw==', 'base64');

let fresh: TestDatabase;
let dataSource: DataSource;
let database: Database;
const thread = new Map<string, Message>();
/** Milliseconds that each attachment takes to come. */
const slowness = new Map<string, number>();
/** What happens while an attachment is on its way. */
const meanwhile = new Map<string, () => Promise<unknown>>();
let media: MediaService;

class Shelf extends MediaStore {
  private readonly files = new Map<string, Buffer>();

  async put(key: string, bytes: Buffer): Promise<void> {
    this.files.set(key, bytes);
  }

  async get(key: string): Promise<Buffer | null> {
    return this.files.get(key) ?? null;
  }

  async remove(key: string): Promise<void> {
    this.files.delete(key);
  }

  get keys(): string[] {
    return [...this.files.keys()];
  }
}

const shelf = new Shelf();
const clock = new ShiftableClock();
const asked: JobRequest[] = [];
const outbox = { enqueue: (_tx: unknown, request: JobRequest) => void asked.push(request) } as Outbox;

beforeAll(async () => {
  fresh = await freshDatabase();
  dataSource = await appDataSource({ url: fresh.url }).initialize();
  database = new Database(dataSource);
  const twilio = {
    fetch: async (url: string) => {
      const name = url.slice(TWILIO.length);
      await delay(slowness.get(name) ?? 0);
      await meanwhile.get(name)?.();
      return { bytes: Buffer.concat([GIF, Buffer.from(name)]), contentType: 'image/gif' };
    },
  };
  const conversations = { messageIn: async (_tx: unknown, id: string) => thread.get(id) ?? null, lockMessage: () => undefined };
  media = new MediaService(database, clock, conversations as never, shelf, new IncomingService(database, clock, outbox, shelf, twilio as never), { drop: async () => undefined } as never);
});
afterAll(async () => {
  await dataSource.destroy();
  await fresh.drop();
});

function message(...names: string[]): Message {
  const sent = { id: uuidv7(thread.size + 10), tenantId: TENANT, conversationSid: 'CH1', media: names.map((name) => ({ url: `${TWILIO}${name}`, contentType: 'image/gif' })) } as Message;
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

const erase = (messages: Message[]): Promise<number> => database.transaction(TENANT, (tx) => media.erase(tx, 'CH1', messages));
/** The conversations room blanks the message in the same transaction. */
const blank = (gone: Message): unknown => thread.set(gone.id, { ...gone, media: [] });
const left = (): Promise<number> => database.transaction(TENANT, (tx) => media.filesLeft(tx, 'CH1'));
const rowsOf = ({ id }: Message): Promise<unknown[]> =>
  fresh.query('select position, state, content_type, size, sha256, reason from media_files where message_id = $1 order by position', [id]);
const BLANK = { state: 'erased', content_type: null, size: null, sha256: null, reason: null };
const filesOf = ({ id }: Message): string[] => shelf.keys.filter((key) => key.includes(id));

test('what is erased loses its file and all that was noted of it; twice is once, and other messages keep theirs', async () => {
  const [gone, kept] = [message('i', 'j'), message('k')];
  await media.fetch(TENANT, gone.id);
  await media.fetch(TENANT, kept.id);
  expect(await erase([gone])).toBe(2);
  expect(await left()).toBe(2);
  expect(await erase([gone])).toBe(0);
  await media.removeFiles(TENANT, 'CH1', null);
  await media.removeFiles(TENANT, 'CH1', null);
  expect([await left(), filesOf(gone), filesOf(kept).length]).toEqual([0, [], 1]);
  expect(await rowsOf(gone)).toEqual([{ position: 0, ...BLANK }, { position: 1, ...BLANK }]);
  await expect(media.content(TENANT, 'CH1', gone.id, 0)).rejects.toMatchObject({ code: 'media_not_here' });
  expect(await shown([gone, kept], 4)).toEqual(['k']);
});

test('who dies between blanking the rows and removing the files finds the files again', async () => {
  const gone = message('l');
  await media.fetch(TENANT, gone.id);
  await erase([gone]);
  blank(gone);
  expect(filesOf(gone)).toHaveLength(1);
  expect(await erase([{ ...gone, media: [] }])).toBe(0);
  await media.removeFiles(TENANT, 'CH1', [gone.id]);
  expect(filesOf(gone)).toEqual([]);
});

test.each([['with its message', true], ['while its message waits for the rest', false]])(
  'an attachment that comes late is not kept when it was erased %s', async (_how, whole) => {
    const late = message(`late-${whole}`, `later-${whole}`);
    meanwhile.set(`late-${whole}`, async () => {
      await erase([late]);
      if (whole) blank(late);
      await media.removeFiles(TENANT, 'CH1', null);
    });
    await media.fetch(TENANT, late.id);
    await media.fetch(TENANT, late.id);
    await media.removeFiles(TENANT, 'CH1', [late.id]);
    expect(filesOf(late)).toEqual([]);
    expect(await rowsOf(late)).toEqual([{ position: 0, ...BLANK }, { position: 1, ...BLANK }]);
  });

test('a copy for the person names each attachment and where it is fetched', async () => {
  const sent = message('m');
  await media.fetch(TENANT, sent.id);
  const copies = await database.transaction(TENANT, (tx) => media.everythingIn(tx, 'CH1'));
  expect(copies.find(({ messageId }) => messageId === sent.id)).toMatchObject({
    position: 0, state: 'stored', contentType: 'image/gif', href: `/api/v1/conversations/CH1/messages/${sent.id}/media/0`,
  });
});

test('what a visitor brings and says nothing with is there for a day, and goes by itself some hours later, file and row', async () => {
  const brings = async (name: string): Promise<string> => (await media.incoming.keep(TENANT, 'maya', { bytes: GIF, name, declared: 'image/gif' })).id;
  const first = await brings('first.gif');
  expect(asked).toMatchObject([{ name: 'media.drop', payload: { uploadId: first } }]);
  clock.forward(20 * HOUR);
  const second = await brings('second.gif');
  clock.forward(4 * HOUR);
  await expect(media.incoming.mediaOf(TENANT, 'maya', [first])).rejects.toMatchObject({ kind: 'invalid' });
  const [named] = await media.incoming.mediaOf(TENANT, 'maya', [second]);
  await media.drop(TENANT, first);
  expect(shelf.keys.filter((key) => key.includes('uploads'))).toHaveLength(2);
  clock.forward(asked[0]!.dueAt!.getTime() - clock.ms());
  await media.drop(TENANT, first);
  await media.drop(TENANT, first);
  expect(shelf.keys.filter((key) => key.includes('uploads'))).toEqual([`${TENANT}/uploads/${second}`]);
  expect(await fresh.query('select id from visitor_uploads')).toEqual([{ id: second }]);
  expect(await media.incoming.bytesOf({ tenantId: TENANT, address: 'maya' } as Message, named!.url)).toEqual(GIF);
});
