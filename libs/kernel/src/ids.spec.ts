import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digestOf, isUuid, uuidOf, uuidv7 } from './ids.js';

const INSTANT = fc.integer({ min: 0, max: 2 ** 48 - 1 });

test('a version 7 id carries its millisecond, its version and its variant', () => {
  fc.assert(fc.property(INSTANT, (ms) => {
    const hex = uuidv7(ms).replaceAll('-', '');
    expect(Number.parseInt(hex.slice(0, 12), 16)).toBe(ms);
    expect(hex[12]).toBe('7');
    expect('89ab').toContain(hex[16]);
  }));
});

test('ids of a later millisecond sort behind ids of an earlier one', () => {
  fc.assert(fc.property(INSTANT, INSTANT, (one, other) => {
    fc.pre(one !== other);
    const [earlier, later] = [uuidv7(Math.min(one, other)), uuidv7(Math.max(one, other))];
    expect(earlier < later).toBe(true);
  }));
});

test('ten thousand ids of one millisecond are ten thousand ids', () => {
  expect(new Set(Array.from({ length: 10_000 }, () => uuidv7(1_767_603_600_000))).size).toBe(10_000);
});

test('a time that 48 bits cannot hold is refused', () => {
  for (const ms of [-1, 2 ** 48]) expect(() => uuidv7(ms)).toThrow(/out of range/);
});

test('the same name gives the same id, on every machine and in every version', () => {
  // echo -n throughline | sha256sum, with the bits of version and variant set
  expect(uuidOf('throughline')).toBe('885d7759-1b53-84e1-8992-9a83431ebbbc');
  expect(uuidOf('tenant/assistant.turn/1')).not.toBe(uuidOf('tenant/assistant.turn/2'));
});

test('an id made of a name is a UUID of version 8', () => {
  fc.assert(fc.property(fc.string(), (name) => {
    expect(uuidOf(name)).toBe(uuidOf(name));
    expect(uuidOf(name)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }));
});

test.each<[unknown, boolean]>([
  ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f', true],
  ['01991C2E-8F00-7C11-9A5E-2F4B6C8D0E1F', false],
  ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f\n', false],
  [' 01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f', false],
  ['01991c2e8f007c119a5e2f4b6c8d0e1f', false],
  [`'; drop table tenants; --`, false],
  ['', false],
  [undefined, false],
  [7, false],
])('%j is a UUID: %j', (value, expected) => {
  expect(isUuid(value)).toBe(expected);
});

test('a digest is the same for the same values, and another one for others', () => {
  expect(digestOf({ a: [1, new Date(0)] })).toBe(digestOf({ a: [1, '1970-01-01T00:00:00.000Z'] }));
  expect(digestOf(['ab', 'c'])).not.toBe(digestOf(['a', 'bc']));
});
