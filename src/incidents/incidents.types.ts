import type { Range } from '../escalation/escalation.types.js';

/** Seconds. */
export interface Spread {
  p50: number;
  p95: number;
  max: number;
}

export interface Figures {
  incidents: number;
  acknowledged: number;
  cancelled: number;
  /** They go on, or all who were to be told have been told. */
  notAcknowledged: number;
  unattempted: number;
  slaBreaches: number;
  secondsToFirstAttempt: Spread | null;
  secondsToAcknowledge: Spread | null;
}

/** Rehearsals are counted apart. */
export interface Pair {
  incidents: Figures;
  drills: Figures;
}

export interface Named extends Pair {
  id: string;
  name: string;
}

/** What on-call cost somebody. */
export interface Burden {
  staffId: string | null;
  name: string;
  taken: number;
  drillsTaken: number;
  interruptions: number;
  drillInterruptions: number;
  /** Of the interruptions, those from 22 to 8 o'clock where the person is. */
  atNight: number;
  /** Interruptions in each hour of the day where the person is. */
  byHour: number[];
}

export interface OncallReport extends Range {
  asOf: Date;
  all: Pair;
  policies: Named[];
  schedules: Named[];
  staff: Burden[];
}
