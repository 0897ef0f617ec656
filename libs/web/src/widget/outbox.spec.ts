import { expect, it } from '@jest/globals';
import { Keep } from './keep.js';
import { Outbox } from './outbox.js';
import type { Outgoing } from './thread.js';

/** A browser's storage, as far as it is used here. */
class Storage {
  [name: string]: unknown;
  constructor(isFull = false) {
    const values = this as Record<string, unknown>;
    const quietly = (value: unknown): PropertyDescriptor => ({ value, enumerable: false });
    Object.defineProperties(this, {
      getItem: quietly((name: string) => values[name] ?? null),
      removeItem: quietly((name: string) => { delete values[name]; }),
      setItem: quietly((name: string, value: string) => {
        if (isFull) throw new DOMException('full', 'QuotaExceededError');
        values[name] = value;
      }),
    });
  }
}
const keepOf = (storage?: Storage): Keep => new Keep('throughline:wk_1:', storage as unknown as globalThis.Storage | undefined);
const words = (clientId: string, minute: number, state: Outgoing['state'] = 'waiting'): Outgoing =>
  ({ clientId, body: clientId, attachments: [], createdAt: `2026-01-05T09:0${minute}:00.000Z`, state, reason: null });

it.each([['kept', new Storage()], ['full', new Storage(true)], ['blocked', undefined]])('holds what is not confirmed, in its order, in a storage that is %s', (_, storage) => {
  const keep = keepOf(storage);
  const outbox = new Outbox(keep);
  outbox.put(words('b', 2, 'sending'));
  outbox.put(words('a', 1));
  outbox.put(words('c', 3, 'failed'));
  outbox.remove('a');
  keep.set('refresh', 'x');
  expect(new Outbox(keep).all().map(({ clientId, state }) => [clientId, state])).toEqual([['b', 'waiting'], ['c', 'failed']]);
});

it('outlives the page, and another tab loses nothing of it', () => {
  const storage = new Storage();
  const [one, other] = [new Outbox(keepOf(storage)), new Outbox(keepOf(storage))];
  one.put(words('a', 1));
  other.put(words('b', 2));
  one.remove('a');
  expect(new Outbox(keepOf(storage)).all().map(({ clientId }) => clientId)).toEqual(['b']);
});

it('does not stumble over what it cannot read', () => {
  const keep = keepOf(new Storage());
  keep.set('out:x', '{');
  expect(new Outbox(keep).all()).toEqual([]);
});
