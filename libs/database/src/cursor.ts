import { invalid } from '@throughline/kernel/errors.js';

/** A position in a list that is ordered by (time, id): opaque to clients, stable while rows are added. */
export interface Cursor {
  at: Date;
  id: string;
}

export const encodeCursor = (cursor: Cursor): string =>
  Buffer.from(`${cursor.at.toISOString()}|${cursor.id}`).toString('base64url');

/** @throws HubError `invalid` naming the parameter */
export function decodeCursor(text: string): Cursor {
  const [at, id] = Buffer.from(text, 'base64url').toString('utf8').split('|');
  const date = new Date(at ?? '');
  if (!id || Number.isNaN(date.getTime())) {
    throw invalid('The cursor is not one that this API gave out. Leave it away to start from the beginning.', [
      { path: 'cursor', message: 'unknown cursor' },
    ]);
  }
  return { at: date, id };
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
