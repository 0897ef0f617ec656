import { expect, test } from '@jest/globals';
import { attemptMachine, transferMachine } from './transfer.machine.js';
import { after, duties, type Duty, limitOf, type Sight } from './transfer.policy.js';
import { type Attempt, type AttemptState, attemptStates, type Happening, type Transfer } from './transfer.types.js';

/**
 * A specialist's call as Twilio has it, and what the rows know of it: `lost`: it goes on and whoever placed it has died; `vanished`: it ended before anybody
 * knew of it; `unheard`: it ended and we were not told.
 */
type Leg = 'none' | 'lost' | 'up' | 'vanished' | 'unheard' | 'over';
interface World {
  sight: Sight;
  legs: readonly Leg[];
}
interface Step {
  name: string;
  to: World;
  /** What was heard, where something was. */
  word?: Happening;
}

const LIVE: ReadonlySet<Leg> = new Set(['lost', 'up']);
const KNOWN: ReadonlySet<Leg> = new Set(['up', 'unheard']);
const ENDED: ReadonlySet<string> = new Set(['returning', 'returned', 'caller_left']);
/** What they are told ends their call by itself. */
const TOLD_GOODBYE: ReadonlySet<AttemptState> = new Set(['declined', 'voicemail']);
const OF_THE_CALLER = (['caller_held', 'go', 'caller_left', 'caller_back', 'hold_over', 'timed_out'] as const).map((what): Happening => ({ what }));
const OF_A_LEG = ['answered', 'accepted', 'joined', 'declined', 'silent', 'unanswered', 'engaged', 'unreachable', 'hung_up'] as const;
/** Only the end of a call says these; that somebody hung up, leaving the room does too. */
const ENDS_IT: ReadonlySet<string> = new Set(['unanswered', 'engaged', 'unreachable']);
const NOW = new Date('2026-01-05T09:00:00Z');

const start = (style: Transfer['style'], mode: Transfer['mode'], count: number): World => ({
  sight: { transfer: { state: 'requested', style, mode, isHeld: false, outcome: null }, attempts: Array.from({ length: count }, (_, index) => ({ id: String(index), state: 'waiting' })) },
  legs: Array.from({ length: count }, () => 'none'),
});

/** The rows, as the house has them in this world. */
function dutiesIn({ sight, legs }: World): Duty[] {
  const transfer: Transfer = {
    ...sight.transfer, id: 't', tenantId: 'a', callSid: 'CA', conversationSid: 'CH', contactId: 'c', reason: '', ringSeconds: 20, epoch: 0, movedUntil: null, isTold: false,
    holdUntil: NOW, createdAt: new Date(0),
  };
  return duties(transfer, sight.attempts.map(({ id, state }, at): Attempt => ({
    id, state, tenantId: 'a', transferId: 't', position: at, name: '', phone: '+1', callSid: KNOWN.has(legs[at]!) || legs[at] === 'over' ? 'CB' : null,
    isOver: legs[at] === 'over',
  })), NOW);
}

const withLeg = (world: World, at: number, leg: Leg): World => ({ ...world, legs: world.legs.with(at, leg) });

/** What Twilio tells us: early, late, twice, in any order, or never. A word names its attempt, so the call is known by it. */
function heard(world: World): Step[] {
  const ofLegs = world.legs.flatMap((leg, at) => (leg === 'none' ? [] : OF_A_LEG.flatMap((what): Step[] => {
    const word: Happening = { what, attemptId: String(at) };
    const told = { ...world, sight: after(world.sight, word) };
    const known: Leg = leg === 'lost' ? 'up' : leg === 'vanished' ? 'unheard' : leg;
    const then: Leg[] = ENDS_IT.has(what) ? ['over'] : what === 'hung_up' ? [known, 'over'] : [known];
    return then.map((next) => ({ name: `${what} ${at}`, word, to: withLeg(told, at, next) }));
  })));
  return [...OF_THE_CALLER.map((word): Step => ({ name: word.what, word, to: { ...world, sight: after(world.sight, word) } })), ...ofLegs];
}

/** Calls end without a word of it, or whoever heard it died after its first half. */
const missed = (world: World): Step[] => world.legs.flatMap((leg, at) => (LIVE.has(leg)
  ? [leg === 'up' ? 'unheard' as const : 'vanished' as const, 'over' as const].map((then) => ({ name: `${then} ${at}`, to: withLeg(world, at, then) })) : []));

/** What the house does at Twilio, and how far it comes before it dies. */
const done = (world: World): Step[] => dutiesIn(world).flatMap((duty): Step[] => {
  if (!('attempt' in duty)) return [];
  const at = Number(duty.attempt.id);
  const found: Partial<Record<Leg, Leg>> = { lost: 'up', vanished: 'unheard' };
  const then = { place: found[world.legs[at]!] ? [found[world.legs[at]!]!] : ['lost', 'up'] as const, seek: [found[world.legs[at]!] ?? 'over'], end: ['over'] as const, dismiss: ['over'] as const }[duty.kind];
  const refused: Step[] = duty.kind === 'place' && world.legs[at] === 'none'
    ? [{ name: `refused ${at}`, to: withLeg({ ...world, sight: after(world.sight, { what: 'unreachable', attemptId: String(at) }) }, at, 'over') }] : [];
  return [...then.map((next) => ({ name: `${duty.kind} ${at}`, to: withLeg(world, at, next) })), ...refused];
});

const stepsFrom = (world: World): Step[] => [...heard(world), ...missed(world), ...done(world)];

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const LEGS: Leg[] = ['none', 'lost', 'up', 'vanished', 'unheard', 'over'];

/** One of several in the same position is any of them, and whoever is out for good is one of those who are. */
function keyOf({ sight: { transfer, attempts }, legs }: World): string {
  const each = attempts.map(({ state }, at) => {
    const isDone = attemptMachine.isFinal(state) && (legs[at] === 'over' || (TOLD_GOODBYE.has(state) && KNOWN.has(legs[at]!)));
    return isDone ? '.' : LETTERS[attemptStates.indexOf(state)]! + LEGS.indexOf(legs[at]!);
  });
  return `${transfer.state}${transfer.isHeld ? '+' : '-'}${transfer.outcome}${each.sort().join('')}`;
}

const FURTHER: Record<AttemptState, number> = {
  waiting: 0, dialing: 1, screening: 2, accepted: 3, joined: 4, left: 5, declined: 5, no_answer: 5, busy: 5, voicemail: 5, failed: 5, cancelled: 5,
};

/** What is wrong with a world. */
function* wrongWith(world: World): Generator<string> {
  const { sight: { transfer, attempts }, legs } = world;
  const states = attempts.map(({ state }) => state);
  const isTaken = states.filter((state) => state === 'accepted' || state === 'joined').length;
  const theirs = dutiesIn(world).filter((duty) => 'attempt' in duty);
  const isSeenTo = (at: number): boolean => theirs.some(({ attempt }) => attempt.id === String(at)) || TOLD_GOODBYE.has(states[at]!);
  if (isTaken > 1) yield 'two have accepted';
  const inPlay = states.filter((state) => state !== 'waiting' && !attemptMachine.isFinal(state)).length;
  if (transfer.mode === 'in_order' && inPlay > 1) yield 'two are called where it is one after the other';
  if (['dialing', 'screening', 'merging', 'merged'].includes(transfer.state) && inPlay === 0) yield 'nobody is called any more, and the caller waits';
  if (transfer.state === 'merged' && !(transfer.isHeld && isTaken === 1)) yield 'two are said to speak who do not';
  if (!transferMachine.isFinal(transfer.state) && !(limitOf({ state: transfer.state, ringSeconds: 20 }) > 0)) yield 'a state without a limit';
  if (ENDED.has(transfer.state) && states.some((state) => !attemptMachine.isFinal(state))) yield 'somebody is waited for after the end';
  if (transfer.state === 'returning' && !dutiesIn(world).some(({ kind }) => kind === 'bring_back')) yield 'nobody fetches the caller';
  for (const [at, leg] of legs.entries()) {
    if (LIVE.has(leg) && attemptMachine.isFinal(states[at]!) && !isSeenTo(at)) yield `a phone that nobody ends: ${states[at]}`;
    if ((leg === 'up' || leg === 'unheard' || leg === 'over') && theirs.some(({ kind, attempt }) => kind === 'place' && attempt.id === String(at))) yield 'somebody is called twice';
  }
  yield* endsByTheClock(world);
}

/** Nobody hears anything any more: the limits alone have to bring the caller to an end. */
function* endsByTheClock({ sight }: World): Generator<string> {
  let [last, strikes] = [sight, 0];
  while (!ENDED.has(last.transfer.state) && strikes++ < 9) last = after(last, { what: 'timed_out' });
  if (!ENDED.has(last.transfer.state)) yield 'a caller who waits for ever';
}

const isSame = (one: Sight, other: Sight): boolean => one.transfer.state === other.transfer.state && one.transfer.isHeld === other.transfer.isHeld
  && one.transfer.outcome === other.transfer.outcome && one.attempts.every(({ state }, at) => state === other.attempts[at]!.state);

/** What is wrong with one thing that happens. */
function* wrongStep({ sight }: World, { to, word }: Step): Generator<string> {
  if (transferMachine.isFinal(sight.transfer.state) && !isSame(to.sight, sight)) yield 'what had ended has changed';
  if (to.sight.attempts.some(({ state }, at) => FURTHER[state] < FURTHER[sight.attempts[at]!.state])) yield 'somebody is called anew';
  if (word && word.what !== 'timed_out' && !isSame(after(to.sight, word), to.sight)) yield 'the same word twice is not the same as once';
}

interface Reached {
  world: World;
  from?: Reached;
  by: string;
}

function faultIn(reached: Reached): string | undefined {
  const [fault] = wrongWith(reached.world);
  return fault && `${fault}:${wayTo(reached)}`;
}

const wayTo = ({ from, by }: Reached): string => (from ? `${wayTo(from)} ${by},` : '');

/** Every way, breadth first, each world once: what is wrong comes with the shortest way to it. */
function explore(from: World): { worlds: number; wrong: string | undefined } {
  const seen = new Set([keyOf(from)]);
  const all: Reached[] = [{ world: from, by: '' }];
  for (const reached of all) {
    const wrong = faultIn(reached);
    if (wrong) return { worlds: seen.size, wrong };
    for (const step of stepsFrom(reached.world)) {
      const [fault] = wrongStep(reached.world, step);
      if (fault) return { worlds: seen.size, wrong: `${fault}:${wayTo(reached)} ${step.name}` };
      const key = keyOf(step.to);
      if (!seen.has(key)) all.push({ world: step.to, from: reached, by: step.name });
      seen.add(key);
    }
  }
  return { worlds: seen.size, wrong: undefined };
}

test.each([1, 2, 3].flatMap((count) => (['hold', 'stay'] as const).flatMap((style) => (['in_order', 'all_at_once'] as const).map((mode) => [count, style, mode] as const))))(
  'whatever is heard, missed, repeated, or left undone by who died, with %i called (%s, %s)', (count, style, mode) => {
    const { worlds, wrong } = explore(start(style, mode, count));
    expect(wrong).toBeUndefined();
    expect(worlds).toBeGreaterThan(60 * count);
  },
);
