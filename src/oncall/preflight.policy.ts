import { csvLine } from '@throughline/kernel/csv.js';
import { Hours, WallClock } from '@throughline/kernel/wall-clock.js';
import type { Reach } from '../staff/staff.types.js';
import type { OnCallPerson, Outlook, Shift, Verdict } from './oncall.types.js';

const QUARTER = 900_000;

/** Whether only what is urgent reaches them at an instant. */
export function isDoNotDisturb({ timeZone, doNotDisturb }: Reach, at: Date): boolean {
  const instant = at.getTime();
  return doNotDisturb.length > 0 && new Hours(doNotDisturb).include(new WallClock(timeZone, instant, instant).at(instant));
}

/** How somebody on call is reached. */
export function personOf({ id, name, methods }: Reach, doNotDisturb: boolean): OnCallPerson {
  const usable = methods.filter(({ trouble }) => trouble === null).map(({ id, channel, address }) => ({ id, channel, address }));
  const trouble = methods.length === 0 ? 'no_contact_method' : methods.find((each) => each.trouble === 'opted_out') ? 'opted_out' : 'unverified';
  return { id, name, methods: usable, trouble: usable.length > 0 ? null : trouble, isDoNotDisturb: doNotDisturb };
}

export function verdictOn(staff: readonly OnCallPerson[]): Verdict {
  if (staff.length === 0) return 'gap';
  const reached = staff.filter(({ trouble }) => trouble === null);
  if (reached.length === 0) return 'unreachable';
  return reached.every((person) => person.isDoNotDisturb) ? 'urgent_only' : 'reached';
}

/** What would become of an incident during these shifts: one stretch after the other, without a hole between them. */
export function outlook(shifts: readonly Shift[], reaches: ReadonlyMap<string, Reach>): Outlook[] {
  const [start, end] = [shifts[0]?.from.getTime() ?? 0, shifts.at(-1)?.until.getTime() ?? 0];
  const disturbances = new Map([...reaches.values()].map((reach) => [reach.id, new Disturbance(reach, start, end)]));
  const outlooks: Outlook[] = [];
  for (const shift of shifts) {
    const those = shift.staff.flatMap((id) => disturbances.get(id) ?? []);
    const changes = those.flatMap((each) => each.changesBetween(shift.from, shift.until));
    for (const begin of new Set([shift.from.getTime(), ...changes].sort((a, b) => a - b))) {
      const staff = those.map((each) => personOf(each.reach, each.isOn(begin)));
      const last = outlooks.at(-1);
      if (last && isSame(last.staff, staff)) continue;
      if (last) last.until = new Date(begin);
      outlooks.push({ from: new Date(begin), until: new Date(end), verdict: verdictOn(staff), staff });
    }
  }
  return outlooks;
}

const isSame = (some: readonly OnCallPerson[], others: readonly OnCallPerson[]): boolean =>
  some.length === others.length && some.every(({ id, isDoNotDisturb }, i) => id === others[i]!.id && isDoNotDisturb === others[i]!.isDoNotDisturb);

/** When somebody is not to be disturbed, in a time that is known beforehand. */
class Disturbance {
  private readonly clock: WallClock;
  private readonly hours: Hours;
  private readonly changes: number[];

  constructor(readonly reach: Reach, start: number, end: number) {
    this.clock = new WallClock(reach.timeZone, start, end);
    this.hours = new Hours(reach.doNotDisturb);
    this.changes = [...this.hours.changes(this.clock.at(start), this.clock.at(end))].map((wall) => this.clock.when(wall));
  }

  isOn(instant: number): boolean {
    return this.hours.include(this.clock.at(instant));
  }

  changesBetween(from: Date, until: Date): number[] {
    return this.changes.filter((instant) => instant > from.getTime() && instant < until.getTime());
  }
}

/** From the best to the worst. */
const RANKS: Record<Verdict, number> = { reached: 0, urgent_only: 1, unreachable: 2, gap: 3 };

/** One line for each quarter of an hour: the worst that happens in it, and everybody who would be called. */
export function* quarters(outlooks: readonly Outlook[]): Generator<Outlook> {
  let first = 0;
  const end = outlooks.at(-1)?.until.getTime() ?? 0;
  for (let at = outlooks[0]?.from.getTime() ?? 0; at < end; at += QUARTER) {
    while (outlooks[first]!.until.getTime() <= at) first += 1;
    const within: Outlook[] = [];
    for (let i = first; i < outlooks.length && outlooks[i]!.from.getTime() < at + QUARTER; i++) within.push(outlooks[i]!);
    const worst = within.reduce((a, b) => (RANKS[b.verdict] > RANKS[a.verdict] ? b : a));
    const staff = new Map(within.flatMap((each) => each.staff.map((person) => [person.id, person] as const)));
    yield { from: new Date(at), until: new Date(Math.min(at + QUARTER, end)), verdict: worst.verdict, staff: [...staff.values()] };
  }
}

/** For spreadsheets (RFC 4180). What would be a formula there is text. */
export function* csvOf(schedules: Iterable<{ name: string; outlooks: readonly Outlook[] }>): Generator<string> {
  yield csvLine(['schedule', 'from', 'until', 'verdict', 'staff', 'on', 'trouble']);
  for (const { name, outlooks } of schedules) {
    for (const { from, until, verdict, staff } of quarters(outlooks)) {
      const troubles = staff.flatMap(({ name, trouble, isDoNotDisturb }) => [...(trouble ? [`${name}: ${trouble}`] : []), ...(isDoNotDisturb ? [`${name}: do_not_disturb`] : [])]);
      yield csvLine([
        name, from.toISOString(), until.toISOString(), verdict, staff.map((person) => person.name).join('; '),
        staff.map(({ methods }) => methods.map(({ channel, address }) => `${channel} ${address}`).join(', ')).join('; '), troubles.join('; '),
      ]);
    }
  }
}
