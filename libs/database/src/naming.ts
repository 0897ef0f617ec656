const camelNames = new Map<string, string>();

/** tenant_id -> tenantId. Remembered, because the same few hundred column names come by all day. */
export function camel(name: string): string {
  let known = camelNames.get(name);
  if (known === undefined) {
    known = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    camelNames.set(name, known);
  }
  return known;
}

/** A row as Postgres names it -> the same row as the code names it. */
export function camelRow<T>(row: Record<string, unknown>): T {
  const renamed: Record<string, unknown> = {};
  for (const key in row) renamed[camel(key)] = row[key];
  return renamed as T;
}
