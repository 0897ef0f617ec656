import type { Form } from './form.js';
import type { Call } from './router.js';
import type { Row } from './table.js';

interface Page<T> {
  rows: T[];
  number: number;
  size: number;
  start: number;
  next: string | null;
  previous: string | null;
}

/**
 * A page is found by the sid it comes after (`PA…`) or before (`PB…`), not by its number: rows that join meanwhile
 * neither repeat nor hide others. `Page` itself is the client's own counter.
 */
function cut<T extends Row>(rows: T[], query: Form, limits: { size: number; max: number }): Page<T> {
  const size = Math.min(Math.max(Number(query.get('PageSize')) || limits.size, 1), limits.max);
  const token = query.get('PageToken') ?? '';
  const at = rows.findIndex((row) => row.sid === token.slice(2));
  const start = at < 0 ? 0 : token.startsWith('PB') ? Math.max(at - size, 0) : at + 1;
  const page = rows.slice(start, start + size);
  return {
    rows: page,
    number: Number(query.get('Page')) || 0,
    size,
    start,
    next: start + size < rows.length && page.length > 0 ? `PA${page.at(-1)!.sid}` : null,
    previous: start > 0 ? `PB${rows[start]?.sid ?? ''}` : null,
  };
}

function address(path: string, query: Form, page: { size: number; number: number; token?: string | null }): string {
  const search = new URLSearchParams();
  for (const [name, values] of query.entries()) {
    if (!['PageSize', 'Page', 'PageToken'].includes(name)) for (const value of values) search.append(name, value);
  }
  search.set('PageSize', String(page.size));
  search.set('Page', String(page.number));
  if (page.token) search.set('PageToken', page.token);
  return `${path}?${search.toString()}`;
}

interface Listing<T extends Row> {
  key: string;
  rows: T[];
  render: (row: T) => unknown;
  size?: number;
  max?: number;
}

/** The envelope of the v1 APIs: absolute links below `meta`. */
export function metaPage<T extends Row>(call: Call, listing: Listing<T>): Record<string, unknown> {
  const page = cut(listing.rows, call.query, { size: listing.size ?? 50, max: listing.max ?? 100 });
  const path = `https://${call.host}${call.path}`;
  const link = (number: number, token?: string | null): string => address(path, call.query, {
    size: page.size, number, token,
  });
  return {
    meta: {
      page: page.number,
      page_size: page.size,
      first_page_url: link(0),
      previous_page_url: page.previous === null ? null : link(Math.max(page.number - 1, 0), page.previous),
      url: link(page.number, call.query.get('PageToken')),
      next_page_url: page.next === null ? null : link(page.number + 1, page.next),
      key: listing.key,
    },
    [listing.key]: page.rows.map(listing.render),
  };
}

/** The envelope of 2010-04-01: flat, with paths instead of links. */
export function flatPage<T extends Row>(call: Call, listing: Listing<T>): Record<string, unknown> {
  const page = cut(listing.rows, call.query, { size: listing.size ?? 50, max: listing.max ?? 1_000 });
  const link = (number: number, token?: string | null): string =>
    address(`${call.path}.json`, call.query, { size: page.size, number, token });
  return {
    page: page.number,
    page_size: page.size,
    start: page.start,
    end: page.start + Math.max(page.rows.length - 1, 0),
    uri: link(page.number, call.query.get('PageToken')),
    first_page_uri: link(0),
    next_page_uri: page.next === null ? null : link(page.number + 1, page.next),
    previous_page_uri: page.previous === null ? null : link(Math.max(page.number - 1, 0), page.previous),
    [listing.key]: page.rows.map(listing.render),
  };
}
