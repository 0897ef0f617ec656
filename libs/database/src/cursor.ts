import { invalid } from '@throughline/kernel/errors.js';

/** A position in a list that is ordered by (time, id): opaque to clients, stable while rows are added. */
export interface Cursor {
  at: Date;
  id: string;
}

export const encodeCursor = (cursor: Cursor): string =>
  Buffer.from(`${cursor.at.toISOString()}|${cursor.id}`).toString('base64url');

/** What `toISOString` writes in the years that Postgres and people count in. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/**
 * Only what `encodeCursor` may have written: JavaScript reads dates that Postgres refuses.
 *
 * @throws HubError `invalid` naming the parameter
 */
export function decodeCursor(text: string): Cursor {
  const [at = '', id] = Buffer.from(text, 'base64url').toString('utf8').split('|');
  const date = new Date(at);
  if (id && INSTANT.test(at) && !Number.isNaN(date.getTime())) {
    const cursor = { at: date, id };
    if (encodeCursor(cursor) === text) return cursor;
  }
  throw invalid('The cursor is not one that this API gave out. Leave it away to start from the beginning.', [
    { path: 'cursor', message: 'unknown cursor' },
  ]);
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** Cut `rows`, fetched with one row more than `limit`, into a page and the cursor of the next one. */
export function pageOf<T>(rows: T[], limit: number, key: (row: T) => Cursor): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(key(last)) : null };
}
