/** Waits for a thing to be there, looking again every few milliseconds. Rejects naming the thing that never came. */
export async function eventually<T>(what: string | (() => string), look: () => T | Promise<T>, withinMs = 8_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen as NonNullable<T>;
    if (Date.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain for ${typeof what === 'string' ? what : what()}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
