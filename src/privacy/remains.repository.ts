import type { Tx } from '@throughline/database/database.js';
import type { Remains, Search } from './privacy.types.js';
import { tables } from './tables.policy.js';

/** When a row came to be: the first of these that a table has. */
const TIMES = ['created_at', 'received_at', 'changed_at', 'requested_at', 'started_at', 'cited_at', 'at', 'last_wrote_at', 'updated_at'];
/** Columns that say whose a row is. */
const CONTACTS = ['contact_id', 'absorbed_id', 'surviving_id', 'merged_into'];
/** A shorter address, such as a short code, may be a part of any number: it has to be a whole value. */
const TELLING = 7;

interface Table {
  name: string;
  columns: string[];
}

interface Found {
  addressOwn: number;
  addressElsewhere: number;
  words: number;
}

/** Looks through every column of every table that a transaction of the tenant can see. */
export class RemainsRepository {
  async search(tx: Tx, search: Search): Promise<Remains> {
    const addresses = [...new Set(search.needles.filter(({ kind }) => kind === 'address').map(({ needle }) => asInJson(needle, needle.length < TELLING)))];
    const words = [...new Set(search.needles.filter(({ kind }) => kind === 'words').map(({ needle }) => asInJson(needle, false)))];
    const searched = await this.tables(tx);
    const remains: Remains = { tables: searched.length, addresses: addresses.length, words: words.length, left: {}, elsewhere: {} };
    for (const table of searched) {
      const found = await this.look(tx, table, [addresses, words, search.conversationSids, search.contactIds, search.until]);
      const left = found.addressOwn + found.words;
      if (left > 0) remains.left[table.name] = left;
      if (found.addressElsewhere > 0) remains.elsewhere[table.name] = found.addressElsewhere;
    }
    return remains;
  }

  private async tables(tx: Tx): Promise<Table[]> {
    return tx.rows<Table>(
      `select c.relname::text as name, array_agg(a.attname::text) as columns from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and has_table_privilege(c.oid, 'select')
       group by c.relname order by c.relname`,
    );
  }

  /** Names of tables and columns come from the catalogue, never from outside. */
  private async look(tx: Tx, { name, columns }: Table, parameters: unknown[]): Promise<Found> {
    const { person, isSaid } = personIn(name, columns);
    const time = TIMES.find((column) => columns.includes(column));
    const before = time ? `row.${time} <= asked.until` : 'true';
    // A row that says nothing of whose it is: it is taken for this person's, unless it is newer.
    const own = tables[name] === 'tenant' ? 'false' : `case when ${isSaid} then ${person} else ${before} end`;
    const [row] = await tx.rows<Found>(
      `with asked as (select $1::text[] as addresses, $2::text[] as words, $3::text[] as sids, $4::uuid[] as contacts, $5::timestamptz as until),
       seen as (
         select coalesce(${own}, false) as own, coalesce(${person}, false) as person,
           exists (select 1 from unnest(asked.addresses) as needle where strpos(whole, needle) > 0) as has_address,
           coalesce(${person}, false) and exists (select 1 from unnest(asked.words) as needle where strpos(whole, needle) > 0) as has_words
         from (select t.*, to_jsonb(t)::text as whole from ${name} t) as row, asked)
       select count(*) filter (where has_address and own)::int as address_own, count(*) filter (where has_address and not own)::int as address_elsewhere,
         count(*) filter (where has_words and not (has_address and own))::int as words from seen`,
      parameters,
    );
    return row!;
  }
}

/** Which rows of a table are of this person, and which say whose they are at all. */
function personIn(table: string, columns: string[]): { person: string; isSaid: string } {
  if (table === 'contacts') return { person: 'row.id = any(asked.contacts)', isSaid: 'true' };
  const sids = columns.filter((column) => column === 'conversation_sid');
  const contacts = columns.filter((column) => CONTACTS.includes(column));
  const ways = [...sids.map((column) => `row.${column} = any(asked.sids)`), ...contacts.map((column) => `row.${column} = any(asked.contacts)`)];
  if (ways.length === 0) return { person: 'false', isSaid: 'false' };
  return { person: `(${ways.join(' or ')})`, isSaid: `num_nonnulls(${[...sids, ...contacts].map((column) => `row.${column}`).join(', ')}) > 0` };
}

/** As Postgres writes it inside of a row that it shows as JSON. */
function asInJson(text: string, whole: boolean): string {
  const quoted = JSON.stringify(text);
  return whole ? quoted : quoted.slice(1, -1);
}
