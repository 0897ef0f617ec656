import type { Incident } from '../escalation/escalation.types.js';

/** On which weeks, on which day, at which time on the clock of the zone. */
export interface Rhythm {
  timeZone: string;
  /** 1 is Monday. */
  day: number;
  /** `10:30` */
  time: string;
  everyWeeks: number;
}

export interface Drill extends Rhythm {
  id: string;
  name: string;
  /** Null: the tenant's, as it is then. */
  policyId: string | null;
  anchorWeek: number;
  /** Of the one that comes next. */
  number: number;
  nextAt: Date;
  createdAt: Date;
}

export type NewDrill = Pick<Drill, 'name' | 'policyId' | 'timeZone' | 'day' | 'time' | 'everyWeeks'>;

/** `begun`: there is an incident; `missed`: no process was there in time; `skipped`: there was a real one; `refused`: there was no policy. */
export const runOutcomes = ['begun', 'missed', 'skipped', 'refused'] as const;
export type RunOutcome = (typeof runOutcomes)[number];

/** One rehearsal. */
export interface DrillRun {
  id: string;
  drillId: string;
  outcome: RunOutcome;
  why: string | null;
  incidentId: string | null;
  createdAt: Date;
}

/** One rehearsal, and what its incident has come to. */
export interface RunWithResult extends DrillRun {
  state: Incident['state'] | null;
  acknowledgedBy: string | null;
  secondsToAcknowledge: number | null;
}

export interface DrillWithLast extends Drill {
  lastRun: RunWithResult | null;
}

/** What is wrong with the way in which people are reached, before anybody needs it. */
export const warningCodes = [
  'no_policy', 'policy_missing', 'no_fallback', 'no_sender', 'no_text_sender', 'no_call_sender', 'step_reaches_nobody', 'policy_reaches_nobody', 'drill_not_taken', 'drill_not_run', 'no_channel_sender', 'no_whatsapp_template', 'step_wakes_nobody',
] as const;

export interface Warning {
  code: (typeof warningCodes)[number];
  /** `critical`: an incident would reach nobody. */
  severity: 'critical' | 'warning';
  message: string;
  policyId: string | null;
  /** From 0. */
  step: number | null;
  drillId: string | null;
  /** When it is so, of the next 14 days; empty: always. */
  stretches: { from: Date; until: Date }[];
}
