/** Parameters of a call, from a form body or a query: names may repeat, values are text. */
export class Form {
  private readonly values = new Map<string, string[]>();

  static parse(text: string): Form {
    const form = new Form();
    for (const [name, value] of new URLSearchParams(text)) form.add(name, value);
    return form;
  }

  add(name: string, value: string): void {
    const list = this.values.get(name);
    if (list) list.push(value);
    else this.values.set(name, [value]);
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** The last value, as Twilio takes it when a plain parameter is repeated. */
  get(name: string): string | undefined {
    return this.values.get(name)?.at(-1);
  }

  /** The value, or undefined where it is absent or empty. */
  filled(name: string): string | undefined {
    return this.get(name) || undefined;
  }

  all(name: string): string[] {
    return this.values.get(name) ?? [];
  }

  flag(name: string): boolean | undefined {
    const value = this.get(name)?.toLowerCase();
    return value === undefined ? undefined : value === 'true';
  }

  entries(): [string, string[]][] {
    return [...this.values];
  }

  toJSON(): Record<string, string | string[]> {
    return Object.fromEntries([...this.values].map(([name, list]) => [name, list.length > 1 ? list : list[0]!]));
  }
}
