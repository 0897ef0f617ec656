import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FolderStore, type MediaStore } from '../../src/media/media.store.js';
import { S3Store } from '../../src/media/s3.store.js';
import { hasS3, type S3Server, startS3 } from '../harness/s3.js';

let folder: string;
let server: S3Server;

const s3 = hasS3();
// scripts/test.mjs says so where there is no S3.
const stores: [string, () => Promise<MediaStore>][] = [
  ['a folder', async () => new FolderStore(path.join(folder, 'media'))],
  ...(s3 ? [
    ['a bucket', async () => new S3Store(await server.bucket('plain'))], ['a bucket that keeps versions', async () => new S3Store(await server.bucket('versions', true))],
  ] satisfies [string, () => Promise<MediaStore>][] : []),
];

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'throughline-media-'));
  if (s3) server = await startS3();
});
afterAll(async () => {
  await fs.rm(folder, { recursive: true, force: true });
  if (s3) await server.close();
});

describe.each(stores)('in %s', (_where, open) => {
  let store: MediaStore;
  beforeAll(async () => {
    store = await open();
  });

  test('what was put is got, byte by byte; the last one put counts, also of two at once', async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
    await store.put('tenant/message/0', Buffer.from('first'));
    await Promise.all([store.put('tenant/message/0', bytes), store.put('tenant/message/0', bytes)]);
    expect((await store.get('tenant/message/0'))?.equals(bytes)).toBe(true);
  });

  test('what was never put is nothing, and so is removing it', async () => {
    await store.remove('tenant/message/1');
    expect(await store.get('tenant/message/1')).toBeNull();
  });

  test('what is removed is gone, and nothing else; twice is once', async () => {
    for (const key of ['tenant/gone/1', 'tenant/gone/10', 'tenant/gone/2']) await store.put(key, Buffer.from(key));
    await store.put('tenant/gone/1', Buffer.from('again'));
    await store.remove('tenant/gone/1');
    await store.remove('tenant/gone/1');
    expect(await Promise.all(['1', '10', '2'].map(async (one) => (await store.get(`tenant/gone/${one}`))?.toString()))).toEqual([undefined, 'tenant/gone/10', 'tenant/gone/2']);
  });

  test('a file with nothing in it is a file', async () => {
    await store.put('tenant/empty/0', Buffer.alloc(0));
    expect((await store.get('tenant/empty/0'))?.length).toBe(0);
  });

  test.each(['../secret', 'tenant/../../secret', '/etc/passwd', 'tenant//0', 'tenant/', '', 'tenant/a.b', 'tenant\\0', 'tenant/0?acl', 'tenant/%2e'])('%j is no key', async (key) => {
    await expect(store.put(key, Buffer.from('x'))).rejects.toThrow(RangeError);
    await expect(store.get(key)).rejects.toThrow(RangeError);
    await expect(store.remove(key)).rejects.toThrow(RangeError);
  });
});

if (s3) {
  test('of what was removed from a bucket no version is left either', async () => {
    const store = new S3Store(await server.bucket('erased', true));
    for (const words of ['first', 'second']) await store.put('tenant/message/0', Buffer.from(words));
    await store.put('tenant/message/00', Buffer.from('another'));
    await store.remove('tenant/message/0');
    const listing = await server.listing('erased');
    expect([listing.match(/<Key>[^<]*<\/Key>/g), listing.includes('DeleteMarker')]).toEqual([['<Key>tenant/message/00</Key>'], false]);
  });

  test.each([['another secret', { secretAccessKey: 'guess' }, /403/], ['another user', { accessKeyId: 'test:guest' }, /403/], ['a bucket that is not there', { bucket: 'nowhere' }, /404/]])(
    'with %s nothing is put, got or removed, and it is said so', async (_what, wrong, said) => {
      const options = await server.bucket(`kept-${said.source}-${Object.keys(wrong)[0]!.toLowerCase()}`);
      await new S3Store(options).put('tenant/message/0', Buffer.from('kept'));
      const store = new S3Store({ ...options, ...wrong });
      for (const act of [store.put('tenant/message/0', Buffer.from('x')), store.get('tenant/message/0'), store.remove('tenant/message/0')]) {
        await expect(act).rejects.toMatchObject({ code: 'media_store_unavailable', retryable: true, message: expect.stringMatching(said) });
      }
      expect((await new S3Store(options).get('tenant/message/0'))?.toString()).toBe('kept');
    });
}
