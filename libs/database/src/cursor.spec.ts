import { expect, test } from '@jest/globals';
import { HubError } from '@throughline/kernel/errors.js';
import fc from 'fast-check';
import { decodeCursor, encodeCursor, pageOf } from './cursor.js';

const AT = new Date('2026-01-05T09:00:00.123Z');

test('a cursor comes back as it was given out', () => {
  const id = fc.oneof(fc.uuid(), fc.stringMatching(/^CH[0-9a-f]{32}$/));
  const at = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
  fc.assert(fc.property(at, id, (at, id) => {
    const text = encodeCursor({ at, id });
    expect(text).toMatch(/^[\w-]+$/);
    expect(decodeCursor(text)).toEqual({ at, id });
  }));
});

const encoded = (text: string): string => Buffer.from(text).toString('base64url');

test.each<[string, string]>([
  ['nothing', ''], ['a word', 'next'], ['a number', '2'], ['no id', encoded('2026-01-05T09:00:00.000Z|')], ['no separator', encoded('2026-01-05T09:00:00.000Z')],
  ['no time', encoded('|01991c2e')], ['a time that is none', encoded('yesterday|01991c2e')], ['signs outside of base64', '%%%'], ['bytes', '\u0000\u0001'],
  ['a year that Postgres cannot write', encoded('+275760-09-13T00:00:00.000Z|01991c2e')], ['a year before the common era', encoded('-000001-01-01T00:00:00.000Z|01991c2e')],
  ['a date of another form', encoded('2026-01-05|01991c2e')], ['a number as a date', encoded('1|01991c2e')], ['another time zone', encoded('2026-01-05T09:00:00.000+01:00|01991c2e')],
  ['a day that does not exist', encoded('2026-02-30T09:00:00.000Z|01991c2e')], ['a third part', encoded('2026-01-05T09:00:00.000Z|01991c2e|x')],
  ['padding', `${encoded('2026-01-05T09:00:00.000Z|01991c2e7')}=`], ['a line break in it', `${encoded('2026-01-05T09:00:00.000Z|01991c2e')}\n`],
])('%s is refused as a cursor, naming the parameter', (_, text) => {
  expect(() => decodeCursor(text)).toThrow(expect.objectContaining({ kind: 'invalid', fields: [{ path: 'cursor', message: 'unknown cursor' }] }));
});

test('whatever somebody sends as a cursor, it is one or it is refused', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.string().map(encoded)), (text) => {
    try {
      expect(Number.isNaN(decodeCursor(text).at.getTime())).toBe(false);
    } catch (error) {
      expect(error).toBeInstanceOf(HubError);
    }
  }));
});

interface Row { id: string }
const page = (count: number, limit: number) => pageOf(Array.from({ length: count }, (_, n): Row => ({ id: `row-${n}` })), limit, ({ id }) => ({ at: AT, id }));

test.each([[0, 2, 0, null], [1, 2, 1, null], [2, 2, 2, null], [3, 2, 2, 'row-1']])(
  '%d rows fetched for a page of %d: %d shown, the next page after %j', (count, limit, shown, last) => {
    const { items, nextCursor } = page(count, limit);
    expect(items).toHaveLength(shown);
    expect(nextCursor && decodeCursor(nextCursor)).toEqual(last && { at: AT, id: last });
  },
);
