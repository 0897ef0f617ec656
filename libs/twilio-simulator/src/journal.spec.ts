import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Phone } from './entities.js';
import { Store } from './store.js';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'simulator-journal-'));
  file = path.join(folder, 'deep', 'state.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const phone = (address: string, outcome = 'delivered'): Phone => ({ sid: address, address, name: null, outcome });
const lines = (): number => readFileSync(file, 'utf8').trim().split('\n').length;

test('what was saved is there again, as it was last; what was removed is not', () => {
  const store = new Store(file);
  store.phones.save(phone('+1'));
  store.phones.save(phone('+2'));
  store.phones.save(phone('+1', 'silent'));
  store.phones.remove('+2');
  // No close: the process was killed.
  expect(new Store(file).phones.all()).toEqual([phone('+1', 'silent')]);
});

test('each start writes the file anew, one line a row', () => {
  const store = new Store(file);
  for (let n = 0; n < 50; n += 1) store.phones.save(phone('+1', `silent${n}`));
  expect(lines()).toBe(50);
  store.close();
  new Store(file).close();
  expect(lines()).toBe(1);
});

test('a line torn by a kill is dropped, and nothing before it', () => {
  const store = new Store(file);
  store.phones.save(phone('+1'));
  store.close();
  appendFileSync(file, '{"t":"phones","r":{"sid":"+2","addr');
  const again = new Store(file);
  expect(again.phones.all()).toEqual([phone('+1')]);
  again.phones.save(phone('+3'));
  expect(new Store(file).phones.all()).toEqual([phone('+1'), phone('+3')]);
});

test('indexes come back with the rows', () => {
  const store = new Store(file);
  store.optOuts.save({ sid: 'a', recipient: '+1', scope: 'x' });
  store.optOuts.save({ sid: 'b', recipient: '+1', scope: 'y' });
  expect(new Store(file).optOutsByRecipient.of('+1').map((row) => row.scope)).toEqual(['x', 'y']);
});
