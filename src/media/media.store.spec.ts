import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FolderStore } from './media.store.js';

let folder: string;
let store: FolderStore;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'throughline-media-'));
  store = new FolderStore(path.join(folder, 'media'));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

test('of two puts at once nothing is left behind but the file', async () => {
  await Promise.all([store.put('tenant/message/0', Buffer.from('same')), store.put('tenant/message/0', Buffer.from('same'))]);
  expect(await fs.readdir(path.join(folder, 'media', 'tenant', 'message'))).toEqual(['0']);
});

test('only the hub itself may read it', async () => {
  await store.put('tenant/message/2', Buffer.from('private'));
  expect((await fs.stat(path.join(folder, 'media', 'tenant', 'message', '2'))).mode & 0o077).toBe(0);
});

test('what is removed is gone with what an interrupted put left, and nothing else; twice is once', async () => {
  for (const position of [1, 10, 2]) await store.put(`tenant/removed/${position}`, Buffer.from('x'));
  const files = path.join(folder, 'media', 'tenant', 'removed');
  await fs.writeFile(path.join(files, '1.abcdef.part'), 'half');
  await store.remove('tenant/removed/1');
  await store.remove('tenant/removed/1');
  expect((await fs.readdir(files)).sort()).toEqual(['10', '2']);
  await Promise.all([store.remove('tenant/removed/10'), store.remove('tenant/removed/2')]);
  await store.remove('tenant/removed/2');
  expect(await fs.readdir(path.join(folder, 'media', 'tenant'))).not.toContain('removed');
});
