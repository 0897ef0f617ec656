import { timeOfDay, WallClock, weekday } from '@throughline/kernel/wall-clock.js';
import type { Rhythm } from './drills.types.js';

const DAY = 86_400_000;

/** Of a day counted from the epoch, which was a Thursday: weeks begin on Monday. */
const weekOf = (day: number): number => Math.floor((day + 3) / 7);

/** The next time after this instant: when the clock of the zone first shows it. @param anchorWeek a week in which there is one; where not given, the next one that can be is it */
export function nextTime({ timeZone, day, time, everyWeeks }: Rhythm, after: Date, anchorWeek?: number): { at: Date; week: number } {
  const from = after.getTime();
  const clock = new WallClock(timeZone, from, from + (everyWeeks + 2) * 7 * DAY);
  for (let date = Math.floor(clock.at(from) / DAY) - 1; ; date++) {
    const week = weekOf(date);
    if (weekday(date) !== day || (anchorWeek !== undefined && (week - anchorWeek) % everyWeeks !== 0)) continue;
    const at = clock.when(date * DAY + timeOfDay(time));
    if (at > from) return { at: new Date(at), week };
  }
}
