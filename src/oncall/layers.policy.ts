import { changesOf, isWithin } from '@throughline/kernel/wall-clock.js';
import type { Layer } from './oncall.types.js';

const HOUR = 3_600_000;
const PERIODS = { hours: HOUR, days: 24 * HOUR, weeks: 7 * 24 * HOUR };

/** `2026-01-05T09:00` on the wall, as milliseconds. */
export const wallTime = (text: string): number => Date.parse(`${text}Z`);

/** Whose turn it is when the clock on the wall has come to `wall`: of the layers that have somebody, those of the highest level. */
export function onCallByLayers(layers: readonly Layer[], wall: number): string[] {
  let level = -Infinity;
  let staff: string[] = [];
  for (const layer of layers) {
    if (layer.level < level) continue;
    const those = groupAt(layer, wall);
    if (those.length === 0) continue;
    staff = layer.level > level ? those : [...staff, ...those];
    level = layer.level;
  }
  return staff;
}

function groupAt({ startsAt, endsAt, every, unit, rotation, hours }: Layer, wall: number): string[] {
  const start = wallTime(startsAt);
  const isOn = wall >= start && (endsAt === null || wall < wallTime(endsAt)) && (hours.length === 0 || isWithin(hours, wall));
  return isOn ? rotation[Math.floor((wall - start) / (every * PERIODS[unit])) % rotation.length]! : [];
}

/** Times on the wall, of all between these two, at which a layer may hand off, begin or end. In no order. */
export function* handOffs({ startsAt, endsAt, every, unit, rotation, hours }: Layer, from: number, until: number): Generator<number> {
  const start = wallTime(startsAt);
  yield start;
  if (endsAt !== null) yield wallTime(endsAt);
  yield* changesOf(hours, Math.max(from, start), until);
  const period = every * PERIODS[unit];
  const first = Math.max(0, Math.ceil((from - start) / period));
  if (rotation.length > 1) for (let wall = start + first * period; wall <= until; wall += period) yield wall;
}
