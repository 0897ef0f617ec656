import { DateTime } from 'luxon';

/** Times of day on the person's wall, `21:00` to `08:00`; the end is not quiet any more. The same time twice is never quiet. */
export interface QuietHours {
  from: string;
  to: string;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * When the quiet hours that hold at `now` end; null when none do. Read off the wall clock of the zone: where a night loses
 * or repeats an hour, the hours end when that clock says so.
 *
 * @param zone IANA name
 */
export function quietUntil(now: Date, hours: QuietHours, zone: string): Date | null {
  let at = now.getTime();
  while (isQuiet(at, hours, zone)) {
    const offset = offsetAt(at, zone);
    const end = at + ((msOf(hours.to) - wallMs(at, zone) + DAY) % DAY);
    if (offsetAt(end, zone) === offset) return new Date(end);
    at = changeBetween(at, end, zone);
  }
  return at === now.getTime() ? null : new Date(at);
}

function isQuiet(at: number, { from, to }: QuietHours, zone: string): boolean {
  const [wall, start, end] = [wallMs(at, zone), msOf(from), msOf(to)];
  return start <= end ? wall >= start && wall < end : wall >= start || wall < end;
}

/** The instant after `from` at which the clocks of the zone are changed, given that they are until `to`. */
function changeBetween(from: number, to: number, zone: string): number {
  const offset = offsetAt(from, zone);
  let [before, after] = [from, to];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle, zone) === offset) before = middle;
    else after = middle;
  }
  return after;
}

const offsetAt = (at: number, zone: string): number => DateTime.fromMillis(at, { zone }).offset * MINUTE;

/** Milliseconds since midnight, as the clock on the wall shows them. */
const wallMs = (at: number, zone: string): number => (((at + offsetAt(at, zone)) % DAY) + DAY) % DAY;

function msOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  return (hours * 60 + minutes) * MINUTE;
}
