import { WallClock } from '@throughline/kernel/wall-clock.js';
import { onCallByLayers, Turns } from './layers.policy.js';
import type { Roster, Shift } from './oncall.types.js';

type OnCall = Pick<Shift, 'staff' | 'by'>;
type Ready = Omit<Roster, 'layers'> & { turns: Turns[] };

const ready = ({ layers, ...rest }: Roster): Ready => ({ ...rest, turns: layers.map((layer) => new Turns(layer)) });

/** Who is on call at an instant, in the order in which they are to be called. */
export function onCallAt(roster: Roster, at: Date): OnCall {
  const instant = at.getTime();
  return decide(ready(roster), instant, new WallClock(roster.timeZone, instant, instant).at(instant));
}

/** Who is on call from `from` to `until`: one shift after the other, gaps included, without a hole between them. */
export function shiftsBetween(roster: Roster, from: Date, until: Date): Shift[] {
  const [start, end] = [from.getTime(), until.getTime()];
  const clock = new WallClock(roster.timeZone, start, end);
  const whole = ready(roster);
  const shifts: Shift[] = [];
  for (const instant of changesIn(whole, clock, start, end)) {
    const next = decide(whole, instant, clock.at(instant));
    const last = shifts.at(-1);
    if (last && isSame(last, next)) continue;
    if (last) last.until = new Date(instant);
    shifts.push({ from: new Date(instant), until, ...next });
  }
  return shifts;
}

/** When nobody is on call. */
export function gapsBetween(roster: Roster, from: Date, until: Date): { from: Date; until: Date }[] {
  const gaps: { from: Date; until: Date }[] = [];
  for (const shift of shiftsBetween(roster, from, until)) {
    if (shift.staff.length > 0) continue;
    const last = gaps.at(-1);
    if (last?.until.getTime() === shift.from.getTime()) last.until = shift.until;
    else gaps.push({ from: shift.from, until: shift.until });
  }
  return gaps;
}

/** Every instant at which somebody else may be on call than before, in order, the first one included. */
function changesIn({ turns, overrides, covers }: Ready, clock: WallClock, start: number, end: number): number[] {
  const changes = [start];
  const [first, last] = [clock.at(start), clock.at(end)];
  for (const layer of turns) for (const wall of layer.changes(first, last)) changes.push(clock.when(wall));
  for (const { from, until } of [...overrides, ...covers]) changes.push(from.getTime(), until.getTime());
  const within = changes.filter((instant) => instant >= start && instant < end);
  return [...new Set(within)].sort((a, b) => a - b);
}

function decide({ turns, overrides, covers }: Ready, instant: number, wall: number): OnCall {
  const holds = ({ from, until }: { from: Date; until: Date }): boolean => instant >= from.getTime() && instant < until.getTime();
  const cover = covers.findLast(holds);
  if (cover) return { staff: cover.staff, by: 'cover' };
  const staff = new Set(onCallByLayers(turns, wall));
  let by: OnCall['by'] = 'layers';
  for (const { remove, add } of overrides.filter(holds)) {
    // Who is not on call cannot be replaced.
    if (remove !== null && !staff.has(remove)) continue;
    if (remove === null) staff.add(add!);
    else replace(staff, remove, add);
    by = 'override';
  }
  return { staff: [...staff], by };
}

/** In their place of the order in which people are called. */
function replace(staff: Set<string>, remove: string, add: string | null): void {
  const order = [...staff];
  staff.clear();
  for (const each of order) {
    if (each !== remove) staff.add(each);
    else if (add !== null) staff.add(add);
  }
}

const isSame = (a: OnCall, b: OnCall): boolean => a.by === b.by && a.staff.length === b.staff.length && a.staff.every((each, i) => each === b.staff[i]);
