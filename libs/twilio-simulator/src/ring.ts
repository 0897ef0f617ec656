/** The last calls seen, with ids that only grow: a reader asks for what came after the last id it knows. */
export class Ring<T extends { id: number }> {
  private items: T[] = [];
  private last = 0;

  constructor(private readonly limit: number) {}

  push(item: Omit<T, 'id'>): T {
    const kept = { id: ++this.last, ...item } as T;
    this.items.push(kept);
    // Cut in halves, not one by one: shifting an array of thousands on each call would be the dearest thing in it.
    if (this.items.length > this.limit * 2) this.items = this.items.slice(-this.limit);
    return kept;
  }

  since(id: number): T[] {
    return this.items.slice(-this.limit).filter((item) => item.id > id);
  }

  clear(): void {
    this.items = [];
  }
}
