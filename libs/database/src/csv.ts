import { csvLine } from '@throughline/kernel/csv.js';

// Lines of CSV that Postgres writes: a hundred thousand of them are read as text, and none of their values is parsed.

/** Columns of a table: what they are called, and SQL of the text in them. */
export class CsvColumns {
  readonly head: string;
  /** SQL of a line. */
  readonly line: string;

  constructor(columns: Record<string, string>) {
    this.head = csvLine(Object.keys(columns));
    this.line = `concat(${Object.values(columns).join(`, ',', `)}, E'\\r\\n')`;
  }
}

/** What somebody has written, after the rules of `csvLine` in the kernel. */
export const csvText = (value: string): string =>
  `'"' || case when left(${value}, 1) in ('=', '@', E'\\t', E'\\r', '+', '-') and ${value} !~ '^[-+][0-9]+$' then '''' else '' end || replace(${value}, '"', '""') || '"'`;

/** ISO 8601 in UTC, to the millisecond. */
export const csvTime = (value: string): string => `to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
