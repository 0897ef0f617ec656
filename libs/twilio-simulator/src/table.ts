import type { Journal } from './journal.js';

export interface Row {
  sid: string;
}

/** Rows by one key, oldest first, so that no lookup of a busy path walks the whole table. */
export class Index<T extends Row> {
  private readonly bags = new Map<string, Map<string, T>>();
  private readonly keys = new Map<string, string>();

  constructor(private readonly keyOf: (row: T) => string | null) {}

  put(row: T): void {
    const key = this.keyOf(row);
    const old = this.keys.get(row.sid);
    if (old !== undefined && old !== key) this.drop(row.sid);
    if (key === null) return;
    this.keys.set(row.sid, key);
    const bag = this.bags.get(key);
    if (bag) bag.set(row.sid, row);
    else this.bags.set(key, new Map([[row.sid, row]]));
  }

  drop(sid: string): void {
    const key = this.keys.get(sid);
    if (key === undefined) return;
    this.keys.delete(sid);
    const bag = this.bags.get(key);
    bag?.delete(sid);
    if (bag?.size === 0) this.bags.delete(key);
  }

  of(key: string): T[] {
    return [...(this.bags.get(key)?.values() ?? [])];
  }

  first(key: string): T | undefined {
    return this.bags.get(key)?.values().next().value;
  }

  count(key: string): number {
    return this.bags.get(key)?.size ?? 0;
  }

  clear(): void {
    this.bags.clear();
    this.keys.clear();
  }
}

/** Rows of one kind. Change a row, then `save` it: that moves it in the indexes and writes it to the journal. */
export class Table<T extends Row> {
  private readonly rows = new Map<string, T>();
  private readonly indexes: Index<T>[] = [];

  constructor(
    readonly name: string, private readonly journal: Pick<Journal, 'append'>,
  ) {}

  index(keyOf: (row: T) => string | null): Index<T> {
    const index = new Index<T>(keyOf);
    this.indexes.push(index);
    return index;
  }

  get(sid: string): T | undefined {
    return this.rows.get(sid);
  }

  all(): T[] {
    return [...this.rows.values()];
  }

  get size(): number {
    return this.rows.size;
  }

  save(row: T): T {
    this.put(row);
    this.journal.append({ t: this.name, r: row });
    return row;
  }

  remove(sid: string): void {
    if (!this.rows.has(sid)) return;
    this.take(sid);
    this.journal.append({ t: this.name, d: sid });
  }

  /** As `save`, without writing: for replay. */
  put(row: T): void {
    this.rows.set(row.sid, row);
    for (const index of this.indexes) index.put(row);
  }

  /** As `remove`, without writing. */
  take(sid: string): void {
    this.rows.delete(sid);
    for (const index of this.indexes) index.drop(sid);
  }

  clear(): void {
    this.rows.clear();
    for (const index of this.indexes) index.clear();
  }
}
