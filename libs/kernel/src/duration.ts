const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** '90s', '15m', '24h', '250ms' -> milliseconds. Throws on anything else. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim());
  if (!match) throw new RangeError(`"${text}" is not a duration: write 250ms, 90s, 15m, 24h or 2d`);
  return Number(match[1]) * UNITS[match[2]!]!;
}
