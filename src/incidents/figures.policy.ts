import { WallClock } from '@throughline/kernel/wall-clock.js';
import type { FiguresRow, Interruption, TakenRow, Times } from '../escalation/escalation.types.js';
import type { Burden, Figures, Named, Pair, Spread } from './incidents.types.js';

const [NIGHT_BEGINS, NIGHT_ENDS] = [22, 8];

const NONE: Figures = {
  incidents: 0, acknowledged: 0, cancelled: 0, notAcknowledged: 0, unattempted: 0, slaBreaches: 0, secondsToFirstAttempt: null, secondsToAcknowledge: null,
};

const spreadOf = (times: Times | null): Spread | null => times && { p50: times[0], p95: times[1], max: times[2] };

const figuresOf = ({ incidents, acknowledged, cancelled, unattempted, slaBreaches, firstAttempt, acknowledge }: FiguresRow): Figures => ({
  incidents, acknowledged, cancelled, notAcknowledged: incidents - acknowledged - cancelled, unattempted, slaBreaches,
  secondsToFirstAttempt: spreadOf(firstAttempt), secondsToAcknowledge: spreadOf(acknowledge),
});

export function pairOf(rows: readonly FiguresRow[]): Pair {
  const of = (isDrill: boolean): Figures => {
    const row = rows.find((each) => each.isDrill === isDrill);
    return row ? figuresOf(row) : NONE;
  };
  return { incidents: of(false), drills: of(true) };
}

/** By name. @param names of all that may be among them */
export function namedOf(rows: readonly FiguresRow[], kind: FiguresRow['kind'], names: ReadonlyMap<string, string>): Named[] {
  const own = rows.filter((row) => row.kind === kind);
  const ids = [...new Set(own.flatMap(({ id }) => id ?? []))];
  return ids.map((id) => ({ id, name: names.get(id) ?? '', ...pairOf(own.filter((row) => row.id === id)) })).sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}

/** Who works for the tenant, or did. */
export interface Zoned {
  id: string;
  name: string;
  timeZone: string;
}

/** By name. Who took something in a name that is nobody's of the staff comes by that name. */
export function burdens(staff: readonly Zoned[], taken: readonly TakenRow[], interruptions: readonly Interruption[]): Burden[] {
  const people = new Map(staff.map((person) => [person.id, person]));
  const found = new Map<string, Burden>();
  const clocks = new Map<string, WallClock>();
  const instants = interruptions.map(({ at }) => at.getTime());
  const [first, last] = [instants.reduce((a, b) => Math.min(a, b), Infinity), instants.reduce((a, b) => Math.max(a, b), -Infinity)];
  const burdenOf = (staffId: string | null, name: string): Burden => {
    const key = staffId ?? `name/${name}`;
    const known = found.get(key) ?? { staffId, name, taken: 0, drillsTaken: 0, interruptions: 0, drillInterruptions: 0, atNight: 0, byHour: Array.from({ length: 24 }, () => 0) };
    found.set(key, known);
    return known;
  };
  for (const row of taken) burdenOf(row.staffId, people.get(row.staffId ?? '')?.name ?? row.name)[row.isDrill ? 'drillsTaken' : 'taken'] += row.taken;
  for (const { staffId, isDrill, at, times } of interruptions) {
    const { name, timeZone } = people.get(staffId) ?? { name: '', timeZone: 'UTC' };
    const burden = burdenOf(staffId, name);
    burden[isDrill ? 'drillInterruptions' : 'interruptions'] += times;
    if (isDrill) continue;
    const clock = clocks.get(timeZone) ?? new WallClock(timeZone, first, last);
    clocks.set(timeZone, clock);
    const hour = new Date(clock.at(at.getTime())).getUTCHours();
    burden.byHour[hour]! += times;
    if (hour >= NIGHT_BEGINS || hour < NIGHT_ENDS) burden.atNight += times;
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name) || (a.staffId ?? '').localeCompare(b.staffId ?? ''));
}
