import { Hours } from '@throughline/kernel/wall-clock.js';
import type { Layer } from './oncall.types.js';

const HOUR = 3_600_000;
const PERIODS = { hours: HOUR, days: 24 * HOUR, weeks: 7 * 24 * HOUR };

/** `2026-01-05T09:00` on the wall, as milliseconds. */
export const wallTime = (text: string): number => Date.parse(`${text}Z`);

/** A layer, read once and asked often. All times are those on the wall. */
export class Turns {
  readonly level: number;
  private readonly start: number;
  private readonly end: number;
  private readonly period: number;
  private readonly rotation: string[][];
  private readonly hours: Hours;

  constructor({ level, startsAt, endsAt, every, unit, rotation, hours }: Layer) {
    this.level = level;
    this.start = wallTime(startsAt);
    this.end = endsAt === null ? Infinity : wallTime(endsAt);
    this.period = every * PERIODS[unit];
    this.rotation = rotation;
    this.hours = new Hours(hours);
  }

  /** Whose turn it is. */
  at(wall: number): string[] {
    const isOn = wall >= this.start && wall < this.end && (this.hours.isEmpty || this.hours.include(wall));
    return isOn ? this.rotation[Math.floor((wall - this.start) / this.period) % this.rotation.length]! : [];
  }

  /** When that may change between these two. In no order, and some beside them. */
  *changes(from: number, until: number): Generator<number> {
    yield this.start;
    if (this.end < Infinity) yield this.end;
    const [first, last] = [Math.max(from, this.start), Math.min(until, this.end)];
    yield* this.hours.changes(first, last);
    if (this.rotation.length === 1) return;
    for (let wall = this.start + Math.ceil((first - this.start) / this.period) * this.period; wall <= last; wall += this.period) yield wall;
  }
}

/** Whose turn it is when the clock on the wall has come to `wall`: of the layers that have somebody, those of the highest level. */
export function onCallByLayers(layers: readonly Turns[], wall: number): string[] {
  let level = -Infinity;
  let staff: string[] = [];
  for (const layer of layers) {
    if (layer.level < level) continue;
    const those = layer.at(wall);
    if (those.length === 0) continue;
    staff = layer.level > level ? those : [...staff, ...those];
    level = layer.level;
  }
  return staff;
}
