import type { LoggedIncident, ShortAttempt } from '../escalation/escalation.types.js';
import type { Figures, OncallReport } from './incidents.types.js';

type Cell = string | number | boolean | Date | readonly string[] | null;

/** A table of RFC 4180. What a spreadsheet would take for a formula is kept from it; numbers with a plus sign are not one. */
export interface Csv<T> {
  head: string;
  line: (row: T) => string;
}

function csvOf<T>(columns: Record<string, (row: T) => Cell>): Csv<T> {
  const cells = Object.values(columns);
  return { head: `${Object.keys(columns).join(',')}\r\n`, line: (row) => `${cells.map((cellOf) => cell(cellOf(row))).join(',')}\r\n` };
}

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  const text = typeof value === 'string' ? value : value.join(' ');
  const safe = /^[=@\t\r]|^[-+](?!\d+$)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const attemptsCsv = csvOf<ShortAttempt>({
  createdAt: (row) => row.createdAt, incidentId: (row) => row.incidentId, id: (row) => row.id, policyId: (row) => row.policyId, scheduleIds: (row) => row.scheduleIds,
  isDrill: (row) => row.isDrill, says: (row) => row.says, round: (row) => row.round, step: (row) => row.step, staffId: (row) => row.staffId, name: (row) => row.name,
  channel: (row) => row.channel, address: (row) => row.address, state: (row) => row.state, providerSid: (row) => row.providerSid, dispatchedAt: (row) => row.dispatchedAt,
  changedAt: (row) => row.changedAt, trouble: (row) => row.trouble, carries: (row) => row.carries, privacyVersion: (row) => row.privacyVersion, changes: (row) => row.changes,
});

export const incidentsCsv = csvOf<LoggedIncident>({
  createdAt: (row) => row.createdAt, id: (row) => row.id, policyId: (row) => row.policyId, schedules: (row) => row.schedules, isDrill: (row) => row.isDrill, urgency: (row) => row.urgency,
  slaSeconds: (row) => row.slaSeconds, state: (row) => row.state, acknowledgedAt: (row) => row.acknowledgedAt, acknowledgedBy: (row) => row.acknowledgedBy,
  acknowledgedStaffId: (row) => row.acknowledgedStaffId, acknowledgedVia: (row) => row.acknowledgedVia, endedAt: (row) => row.endedAt,
});

type FiguresLine = { kind: string; id: string | null; name: string; isDrill: boolean; figures: Figures };

const figuresCsv = csvOf<FiguresLine>({
  kind: (row) => row.kind, id: (row) => row.id, name: (row) => row.name, isDrill: (row) => row.isDrill, incidents: ({ figures }) => figures.incidents,
  acknowledged: ({ figures }) => figures.acknowledged, cancelled: ({ figures }) => figures.cancelled, notAcknowledged: ({ figures }) => figures.notAcknowledged,
  unattempted: ({ figures }) => figures.unattempted, slaBreaches: ({ figures }) => figures.slaBreaches,
  firstAttemptP50: ({ figures }) => figures.secondsToFirstAttempt?.p50 ?? null, firstAttemptP95: ({ figures }) => figures.secondsToFirstAttempt?.p95 ?? null,
  firstAttemptMax: ({ figures }) => figures.secondsToFirstAttempt?.max ?? null, acknowledgeP50: ({ figures }) => figures.secondsToAcknowledge?.p50 ?? null,
  acknowledgeP95: ({ figures }) => figures.secondsToAcknowledge?.p95 ?? null, acknowledgeMax: ({ figures }) => figures.secondsToAcknowledge?.max ?? null,
});

/** A line for all, for each policy and for each schedule, and one more for the drills of each. */
export function reportCsv({ all, policies, schedules }: OncallReport): string {
  const groups = [{ kind: 'all', id: null, name: '', ...all }, ...policies.map((each) => ({ kind: 'policy', ...each })), ...schedules.map((each) => ({ kind: 'schedule', ...each }))];
  const lines = groups.flatMap(({ incidents, drills, ...group }) => [{ ...group, isDrill: false, figures: incidents }, { ...group, isDrill: true, figures: drills }]);
  return figuresCsv.head + lines.map((line) => figuresCsv.line(line)).join('');
}
