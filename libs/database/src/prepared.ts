/** Far more than the product has; a statement that is put together anew each time must not fill the server's memory. */
const MOST_NAMES = 1_000;
const names = new Map<string, string>();
let given = 0;

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

/**
 * What a connection prepared before a table was changed, say by a newer hub that migrates it, it refuses from then on.
 * From here on every statement is prepared anew, under another name.
 *
 * @returns whether that was what went wrong
 */
export function outdated(error: unknown): boolean {
  const { code, routine } = error as { code?: unknown; routine?: unknown };
  if (code !== '0A000' || routine !== 'RevalidateCachedQuery') return false;
  names.clear();
  return true;
}

function newName(text: string): string | undefined {
  if (names.size >= MOST_NAMES) return undefined;
  given += 1;
  const name = `s${given}`;
  names.set(text, name);
  return name;
}
