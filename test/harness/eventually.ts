/** Looks often at first and less so later: two cores are shared with the house that is looked at. */
const LOOK_AGAIN_MS = [5, 10, 10, 20, 20, 40, 40, 75];

/** Waits for a thing to be there, looking again every few milliseconds. Rejects naming the thing that never came: on a busy machine late is not never. */
export async function eventually<T>(what: string | (() => string), look: () => T | Promise<T>, withinMs = 90_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + withinMs;
  for (let looks = 0; ; looks++) {
    const seen = await look();
    if (seen) return seen as NonNullable<T>;
    if (Date.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain for ${typeof what === 'string' ? what : what()}.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS[looks] ?? 100));
  }
}
