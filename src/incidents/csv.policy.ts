import { type Cell, csvLine } from '@throughline/kernel/csv.js';
import type { Figures, OncallReport } from './incidents.types.js';

type FiguresLine = { kind: string; id: string | null; name: string; isDrill: boolean; figures: Figures };

const COLUMNS: Record<string, (row: FiguresLine) => Cell> = {
  kind: (row) => row.kind, id: (row) => row.id, name: (row) => row.name, isDrill: (row) => row.isDrill, incidents: ({ figures }) => figures.incidents,
  acknowledged: ({ figures }) => figures.acknowledged, cancelled: ({ figures }) => figures.cancelled, notAcknowledged: ({ figures }) => figures.notAcknowledged,
  unattempted: ({ figures }) => figures.unattempted, slaBreaches: ({ figures }) => figures.slaBreaches,
  firstAttemptP50: ({ figures }) => figures.secondsToFirstAttempt?.p50 ?? null, firstAttemptP95: ({ figures }) => figures.secondsToFirstAttempt?.p95 ?? null,
  firstAttemptMax: ({ figures }) => figures.secondsToFirstAttempt?.max ?? null, acknowledgeP50: ({ figures }) => figures.secondsToAcknowledge?.p50 ?? null,
  acknowledgeP95: ({ figures }) => figures.secondsToAcknowledge?.p95 ?? null, acknowledgeMax: ({ figures }) => figures.secondsToAcknowledge?.max ?? null,
};

/** A line for all, for each policy and for each schedule, and one more for the drills of each. */
export function reportCsv({ all, policies, schedules }: OncallReport): string {
  const groups = [{ kind: 'all', id: null, name: '', ...all }, ...policies.map((each) => ({ kind: 'policy', ...each })), ...schedules.map((each) => ({ kind: 'schedule', ...each }))];
  const lines = groups.flatMap(({ incidents, drills, ...group }) => [{ ...group, isDrill: false, figures: incidents }, { ...group, isDrill: true, figures: drills }]);
  return [Object.keys(COLUMNS), ...lines.map((line) => Object.values(COLUMNS).map((cellOf) => cellOf(line)))].map(csvLine).join('');
}
