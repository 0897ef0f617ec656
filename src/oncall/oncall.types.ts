import type { WeeklyHours } from '@throughline/kernel/wall-clock.js';

/** People who take turns. Times are those of the clock on the wall in the zone of the schedule. */
export interface Layer {
  name: string;
  /** Of the layers that have somebody, those of the highest level decide; those of one level are on call together. */
  level: number;
  /** `2026-01-05T09:00`: the first hand-off. Before it the layer has nobody. Its time, and of weeks its weekday, is that of each hand-off. */
  startsAt: string;
  /** From then on the layer has nobody. */
  endsAt: string | null;
  every: number;
  unit: 'hours' | 'days' | 'weeks';
  /** Who comes after whom: staff by their ids. Those of one entry are on call together, in an empty one nobody is. */
  rotation: string[][];
  /** Only in these hours; at any time where there are none. */
  hours: WeeklyHours[];
}

/** For a while somebody is on call instead of somebody (both are given), besides the others (`add`), or not (`remove`). */
export interface Override {
  from: Date;
  until: Date;
  remove: string | null;
  add: string | null;
}

/** For a while only these are on call, whatever layers and overrides say. */
export interface Cover {
  from: Date;
  until: Date;
  staff: string[];
}

/** All that decides who is on call. */
export interface Roster {
  timeZone: string;
  layers: Layer[];
  /** In the order in which they were made: each changes what those before it have left. */
  overrides: Override[];
  /** The same; of two at one time the later one holds. */
  covers: Cover[];
}

/** From `from` to `until`, which is not included, the same people are on call, in the order in which they are to be called. Nobody: a gap. */
export interface Shift {
  from: Date;
  until: Date;
  staff: string[];
  /** What decided it. */
  by: 'layers' | 'override' | 'cover';
}
