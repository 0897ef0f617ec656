/** Far more than the product has; a statement that is put together anew each time must not fill the server's memory. */
const MOST_NAMES = 1_000;
const names = new Map<string, string>();

export interface Statement {
  text: string;
  values: unknown[];
  name?: string;
}

/** A statement for `pg`, with a name: parsed and planned once per connection, which is half of what most of ours cost. */
export function prepared(text: string, values: unknown[]): Statement {
  const name = names.get(text) ?? newName(text);
  return name ? { name, text, values } : { text, values };
}

function newName(text: string): string | undefined {
  if (names.size >= MOST_NAMES) return undefined;
  const name = `s${names.size + 1}`;
  names.set(text, name);
  return name;
}
