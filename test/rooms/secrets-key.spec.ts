import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrate } from '@throughline/database/migrate.js';
import { checkSecretsKey, keptSecret } from '../../src/app.keeper.js';
import { migrations } from '../../src/migrations/all.js';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';

let [first, second]: TestDatabase[] = [];
let folder: string;
beforeAll(async () => {
  [first, second] = [await freshDatabase(), await freshDatabase()];
  for (const { url } of [first, second]) await migrate(url, migrations);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'throughline-keys-'));
});
afterAll(async () => {
  for (const database of [first, second]) await database!.drop();
  fs.rmSync(folder, { recursive: true, force: true });
});

test('a database stays with the key it was begun with, and a start with another one is refused with the remedy', async () => {
  await checkSecretsKey(first!.url, 'the key of the first machine');
  await checkSecretsKey(first!.url, 'the key of the first machine');
  await expect(checkSecretsKey(first!.url, 'a key made on the second machine')).rejects.toThrow(/Set SECRETS_KEY to the same value in every process/);
  expect(JSON.stringify(await first!.query('select * from keys.secrets'))).not.toContain('first machine');
  await first!.query('delete from keys.secrets');
  await checkSecretsKey(first!.url, 'a key made on the second machine');
});

test('of several first starts at once, each with a key of its own, one goes on', async () => {
  const starts = await Promise.allSettled(['a', 'b', 'c', 'a'].map((key) => checkSecretsKey(second!.url, key)));
  const started = starts.flatMap(({ status }, place) => (status === 'fulfilled' ? [['a', 'b', 'c', 'a'][place]] : []));
  expect(new Set(started).size).toBe(1);
  expect(started).toHaveLength(started[0] === 'a' ? 2 : 1);
});

test('the product itself does not see it', async () => {
  expect(await first!.query(`select has_schema_privilege('throughline_app', 'keys', 'usage') as sees`)).toEqual([{ sees: false }]);
});

test('a secret is made once; a file that was begun and not written is no secret', () => {
  const secret = keptSecret(folder, 'one');
  expect([keptSecret(folder, 'one'), secret.length]).toEqual([secret, 32]);
  fs.writeFileSync(path.join(folder, 'empty'), '');
  expect(() => keptSecret(folder, 'empty')).toThrow(/is empty/);
});
