/**
 * State machines as tables. `next` is pure: it answers with the new state and the effects to carry out
 * after saving, or `undefined` where the event means nothing in that state (a quiet no-op, never an error:
 * duplicates and late arrivals are normal life).
 */
export interface Transition<S extends string, F extends string> {
  to: S;
  effects?: readonly F[];
}

export interface MachineTable<S extends string, E extends string, F extends string> {
  name: string;
  initial: S;
  /** States that need no way out. */
  final: readonly S[];
  /** For each other state, what makes sure that it is left one day: an event fired by a timer. */
  timeouts: Partial<Record<S, E>>;
  transitions: Record<S, Partial<Record<E, Transition<S, F>>>>;
}

export interface Machine<S extends string, E extends string, F extends string> extends MachineTable<S, E, F> {
  next(state: S, event: E): Transition<S, F> | undefined;
  isFinal(state: S): boolean;
}

/** Build a machine and refuse an unsound table at once, so that a bad one cannot reach production. */
export function defineMachine<S extends string, E extends string, F extends string = never>(
  table: MachineTable<S, E, F>,
): Machine<S, E, F> {
  const faults = unsoundness(table);
  if (faults.length > 0) throw new Error(`machine ${table.name} is not sound:\n- ${faults.join('\n- ')}`);
  return {
    ...table,
    next: (state, event) => table.transitions[state]?.[event],
    isFinal: (state) => table.final.includes(state),
  };
}

/** Every fault of a table: unknown targets, unreachable states, dead ends, states that nothing times out. */
export function unsoundness<S extends string, E extends string, F extends string>(
  table: MachineTable<S, E, F>,
): string[] {
  const states = Object.keys(table.transitions) as S[];
  const reached = reachable(table);
  const faults: string[] = [];
  for (const state of states) {
    const exits = Object.entries(table.transitions[state]) as [E, Transition<S, F>][];
    for (const [event, { to }] of exits) {
      if (!states.includes(to)) faults.push(`${state} --${event}--> ${to}: no such state`);
    }
    if (!reached.has(state)) faults.push(`${state} cannot be reached from ${table.initial}`);
    if (table.final.includes(state)) continue;
    if (exits.length === 0) faults.push(`${state} has no way out and is not final`);
    const timeout = table.timeouts[state];
    if (!timeout) faults.push(`${state} names no timeout`);
    else if (!table.transitions[state][timeout]) faults.push(`${state} ignores its own timeout ${timeout}`);
  }
  return faults;
}

function reachable<S extends string, E extends string, F extends string>(table: MachineTable<S, E, F>): Set<S> {
  const seen = new Set<S>([table.initial]);
  for (const state of seen) {
    for (const { to } of Object.values(table.transitions[state] ?? {}) as Transition<S, F>[]) seen.add(to);
  }
  return seen;
}
