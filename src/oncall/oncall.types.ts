import type { WeeklyHours } from '@throughline/kernel/wall-clock.js';
import type { Reach } from '../staff/staff.types.js';

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

export interface Schedule {
  id: string;
  name: string;
  /** IANA name: where the clock hangs that its layers are read from. */
  timeZone: string;
  layers: Layer[];
  /** Where an import has it from: `grafana-oncall:S3Z477AHDXTMF`. */
  externalRef: string | null;
  /** Grows with every change. */
  version: number;
  createdAt: Date;
  changedAt: Date;
}

export type NewSchedule = Pick<Schedule, 'name' | 'timeZone' | 'layers' | 'externalRef'>;

/** What is said about a schedule for a while: an override or a cover, as a row. */
export interface ScheduleException {
  id: string;
  scheduleId: string;
  kind: 'override' | 'cover';
  startsAt: Date;
  endsAt: Date;
  removes: string | null;
  /** Of an override one or none, of a cover all of it. */
  staff: string[];
  reason: string | null;
  madeBy: string | null;
  createdAt: Date;
}

/** Somebody on call, and how they are reached now. */
export interface OnCallPerson extends Pick<Reach, 'id' | 'name'> {
  /** In the order in which they are tried: what is verified, and where they have not said STOP. */
  methods: Pick<Reach['methods'][number], 'id' | 'channel' | 'address'>[];
  /** Why there is none. */
  trouble: 'no_contact_method' | 'unverified' | 'opted_out' | null;
  /** Only for what is urgent now. */
  isDoNotDisturb: boolean;
}

/** Who is to be called. */
export interface OnCallNow {
  scheduleId: string;
  at: Date;
  /** Somebody else is on call from then on; null: not within two weeks. */
  until: Date | null;
  by: Shift['by'];
  staff: OnCallPerson[];
}

/**
 * What would become of an incident. `reached`: somebody is called; `urgent_only`: only if it is urgent; `unreachable`: people are on call,
 * and none of them can be reached; `gap`: nobody is on call.
 */
export const verdicts = ['reached', 'urgent_only', 'unreachable', 'gap'] as const;
export type Verdict = (typeof verdicts)[number];

/** From `from` to `until` the same would happen. */
export interface Outlook {
  from: Date;
  until: Date;
  verdict: Verdict;
  staff: OnCallPerson[];
}

/** What an export of another system would become here. People are named by where they come from: `opsgenie:b5b92115`. */
export interface ImportPlan {
  staff: { ref: string; name: string; email: string | null }[];
  schedules: (Pick<Schedule, 'name' | 'timeZone' | 'layers'> & { ref: string; covers: Cover[] })[];
  /** What is left out, where it stands in the export, and why: nothing is guessed. */
  leftOut: { path: string; why: string }[];
}
