import { uuidOf } from '@throughline/kernel/ids.js';
import type { AlertChannel, DataClass, Step } from '../policies/policies.types.js';

/** For so long a link opens, and a code answers. */
export const GOOD_FOR_MS = 86_400_000;

export const incidentStates = ['armed', 'notifying', 'waiting', 'acknowledged', 'exhausted', 'cancelled'] as const;
export type IncidentState = (typeof incidentStates)[number];
/** `fired`: the next step begins; `relieved`: others are on call by now; `dispatched`: all of a step are on their way; `ended`: no step is left. */
export type IncidentEvent = 'fired' | 'relieved' | 'dispatched' | 'ended' | 'acknowledged' | 'cancelled';

/** Somebody, or something, that says how urgent it is, and why. */
export interface Report {
  urgency: number;
  reason: string;
  source: string;
  at: Date;
}

/** By what an incident was acknowledged. */
export const acknowledgements = ['link', 'key', 'reply', 'api'] as const;
export type AcknowledgedVia = (typeof acknowledgements)[number];

export interface Incident {
  id: string;
  tenantId: string;
  /** The conversation that it came from, where it came from one. */
  conversationSid: string | null;
  policyId: string;
  /** As the policy was when it was opened. */
  steps: Step[];
  rounds: number;
  /** Four digits, said and typed by people. */
  code: string;
  /** 1 to 5, the highest that was reported. */
  urgency: number;
  reports: Report[];
  /** Whom to call back. */
  callback: string | null;
  isDrill: boolean;
  state: IncidentState;
  /** Where the ladder stands, both from 0. */
  round: number;
  step: number;
  /** Grows with every step: an alarm of an older one means nothing. */
  epoch: number;
  /** When the next step begins. */
  dueAt: Date;
  /** The same, or sooner, where others are on call from then on. */
  wakeAt: Date;
  /** Within which somebody should have taken it; null: nobody is held to it. */
  slaSeconds: number | null;
  acknowledgedBy: string | null;
  acknowledgedStaffId: string | null;
  acknowledgedVia: AcknowledgedVia | null;
  acknowledgedAt: Date | null;
  endedAt: Date | null;
  createdAt: Date;
}

/** What an attempt is to say: that there is an incident; who has it; that it is yours; how it is taken. */
export type Says = 'alert' | 'told' | 'yours' | 'help';

export const attemptStates = [
  'pending', 'sent', 'delivered', 'ringing', 'answered', 'voicemail', 'acknowledged', 'no_key', 'no_answer', 'busy', 'failed', 'cancelled',
] as const;
export type AttemptState = (typeof attemptStates)[number];
/** `accepted`: Twilio has the text; `placed`: it has the call; `silent`: it was said, and no key was pressed; `machine`: machine detection says so. */
export type AttemptEvent =
  | 'accepted' | 'delivered' | 'placed' | 'answered' | 'machine' | 'silent' | 'hung_up' | 'unanswered' | 'engaged' | 'failed' | 'acknowledged' | 'cancelled';

/** One text or call to one person. */
export interface Attempt {
  id: string;
  tenantId: string;
  incidentId: string;
  /** There is one of a key in an incident. */
  key: string;
  says: Says;
  round: number;
  step: number;
  /** Because of which they are told; more than one, where they are on call in several of the step. */
  scheduleIds: string[];
  /** Null: the tenant's fallback number. */
  staffId: string | null;
  name: string;
  channel: AlertChannel;
  address: string;
  state: AttemptState;
  /** The digit that takes it, in this call and no other: a program that presses 1 to be let through takes nothing. */
  pressKey: string;
  /** What it says of the incident, and by which version of the tenant's rules; null until it is about to leave. */
  carries: DataClass[] | null;
  privacyVersion: number | null;
  providerSid: string | null;
  /** What went wrong, in words. */
  trouble: string | null;
  /** Nothing is left to be done about its call at Twilio. */
  isOver: boolean;
  /** Another way to the same person was begun because of it. There is one of an attempt. */
  hasOtherWay: boolean;
  tries: number;
  claimedAt: Date | null;
  leaseUntil: Date | null;
  createdAt: Date;
  /** When Twilio had it. */
  dispatchedAt: Date | null;
  /** When it came to its present state. */
  changedAt: Date;
}

/** What an alert says of an incident; null of what it does not. */
export type Carried = { [Class in Exclude<DataClass, 'urgency'>]: string | null } & { urgency: number | null };

export interface Sighted {
  incident: Incident;
  attempts: Attempt[];
}

/** `until` is not included. */
export interface Range {
  from: Date;
  until: Date;
}

/** An attempt as the log has it. */
export interface LoggedAttempt extends Omit<Attempt, 'tenantId' | 'key' | 'pressKey' | 'isOver' | 'hasOtherWay' | 'tries' | 'claimedAt' | 'leaseUntil'>, Pick<Incident, 'policyId' | 'isDrill'> {
  /** Oldest first; `at` in ISO 8601. */
  changes: { from: string; to: string; at: string; cause: string }[];
}

/** Lines of CSV, and the time and id of the last, after which the log goes on. */
export interface LogPage {
  lines: string;
  count: number;
  at: Date;
  id: string;
}

/** Median, 95th percentile and the longest, in seconds. */
export type Times = [p50: number, p95: number, max: number];

export interface FiguresRow {
  kind: 'all' | 'policy' | 'schedule';
  id: string | null;
  isDrill: boolean;
  incidents: number;
  acknowledged: number;
  cancelled: number;
  /** Of them no text or call has come as far as Twilio. */
  unattempted: number;
  slaBreaches: number;
  firstAttempt: Times | null;
  acknowledge: Times | null;
}

export interface TakenRow {
  staffId: string | null;
  name: string;
  isDrill: boolean;
  taken: number;
}

export interface Interruption {
  staffId: string;
  isDrill: boolean;
  /** The quarter of an hour that begins then. */
  at: Date;
  times: number;
}

/** What somebody, or something, reports. */
export interface NewReport {
  conversationSid: string | null;
  urgency: number;
  reason: string;
  source: string;
  /** Whom to call back; where the person last wrote from, or called from, where nothing is said. */
  callback: string | null;
  policyId: string | null;
  isDrill: boolean;
}

/** Who has just taken it knows of what is reported now, and is waited for. */
export const STILL_THEIRS_MS = 900_000;

export const isOpen = (state: IncidentState): boolean => state === 'armed' || state === 'notifying' || state === 'waiting';

/** By who they are, where that is known: two colleagues may have one name. */
export const isWhoHasIt = ({ acknowledgedBy, acknowledgedStaffId }: Pick<Incident, 'acknowledgedBy' | 'acknowledgedStaffId'>, { staffId, name }: Pick<Attempt, 'staffId' | 'name'>): boolean =>
  acknowledgedStaffId === null ? acknowledgedBy === name : acknowledgedStaffId === staffId;

/** The id of the incident that is reported under this key. */
export const incidentOf = (tenantId: string, key: string): string => uuidOf(`${tenantId}/incident/${key}`);
