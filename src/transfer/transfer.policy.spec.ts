import { expect, test } from '@jest/globals';
import { attemptMachine, transferMachine } from './transfer.machine.js';
import { after, duties, limitOf, type Sight } from './transfer.policy.js';
import { type Attempt, attemptStates, type Happening, type Transfer, transferStates } from './transfer.types.js';

const start = (style: 'hold' | 'stay', mode: 'in_order' | 'all_at_once', count: number): Sight => ({
  transfer: { state: 'requested', style, mode, isHeld: false, outcome: null },
  attempts: Array.from({ length: count }, (_, index) => ({ id: String(index), state: 'waiting' })),
});
const play = (sight: Sight, ...happenings: Happening[]): Sight => happenings.reduce(after, sight);
const of = (what: Extract<Happening, { attemptId: string }>['what'], attemptId: string): Happening => ({ what, attemptId });
const HELD: Happening[] = [{ what: 'caller_held' }, { what: 'go' }];
const view = ({ transfer, attempts }: Sight): string => `${transfer.state}: ${attempts.map(({ state }) => state).join(' ')}`;

test.each<[string, Happening[], string]>([
  ['the first accepts and is joined', [...HELD, of('answered', '0'), of('accepted', '0'), of('joined', '0')], 'merged: joined waiting'],
  ['the first declines, the second is called', [...HELD, of('answered', '0'), of('declined', '0')], 'dialing: declined dialing'],
  ['voicemail is nobody', [...HELD, of('answered', '0'), of('silent', '0')], 'dialing: voicemail dialing'],
  ['nobody is left', [...HELD, of('unanswered', '0'), of('engaged', '1')], 'returning: no_answer busy'],
  ['the specialist leaves', [...HELD, of('answered', '0'), of('accepted', '0'), of('joined', '0'), of('hung_up', '0')], 'returning: left cancelled'],
  ['who accepted never came: the next', [...HELD, of('answered', '0'), of('accepted', '0'), of('hung_up', '0')], 'dialing: left dialing'],
  ['the caller hangs up while it rings', [...HELD, { what: 'caller_left' }], 'caller_left: cancelled cancelled'],
  ['the caller hangs up while the specialist listens', [...HELD, of('answered', '0'), { what: 'caller_left' }, of('accepted', '0')], 'caller_left: cancelled cancelled'],
  ['the caller has waited long enough', [...HELD, of('answered', '0'), { what: 'hold_over' }], 'returning: cancelled cancelled'],
  ['the hold limit means nothing once somebody has accepted', [...HELD, of('answered', '0'), of('accepted', '0'), { what: 'hold_over' }], 'merging: accepted waiting'],
  ['a late key changes nothing', [...HELD, of('unanswered', '0'), of('accepted', '0')], 'dialing: no_answer dialing'],
  ['without the caller in the room nobody is called', [{ what: 'go' }], 'requested: waiting waiting'],
])('in order: %s', (_, happenings, expected) => {
  expect(view(play(start('hold', 'in_order', 2), ...happenings))).toBe(expected);
});

test('all at once: the first who accepts has it, the others are out', () => {
  const ringing = play(start('hold', 'all_at_once', 3), ...HELD, of('answered', '0'), of('answered', '2'));
  expect(view(ringing)).toBe('screening: screening dialing screening');
  expect(view(play(ringing, of('accepted', '2'), of('accepted', '0')))).toBe('merging: cancelled cancelled accepted');
  expect(view(play(ringing, of('declined', '0'), of('silent', '2')))).toBe('dialing: declined dialing voicemail');
});

test('where the assistant stays with the caller, they are moved when somebody has accepted, and nobody is where nobody has', () => {
  const asked = play(start('stay', 'in_order', 1), { what: 'go' }, of('answered', '0'), of('accepted', '0'), of('joined', '0'));
  expect(view(asked)).toBe('merging: joined');
  expect(view(play(asked, { what: 'caller_held' }))).toBe('merged: joined');
  expect(view(play(start('stay', 'in_order', 1), { what: 'go' }, of('unanswered', '0')))).toBe('returned: no_answer');
});

test('every event that a state does not name changes nothing', () => {
  for (const [machine, states] of [[transferMachine, transferStates], [attemptMachine, attemptStates]] as const) {
    const events = new Set(Object.values(machine.transitions).flatMap((exits) => Object.keys(exits)));
    const named = states.flatMap((state) => [...events].filter((event) => (machine.next as (s: string, e: string) => unknown)(state, event)).map((event) => `${state} ${event}`));
    expect(named).toEqual(states.flatMap((state) => [...events].filter((event) => event in (machine.transitions as Record<string, object>)[state]!).map((event) => `${state} ${event}`)));
  }
});

const now = new Date('2026-01-05T09:00:00Z');
const transfer = (change: Partial<Transfer>): Transfer => ({
  id: 't', tenantId: 'a', callSid: 'CA', conversationSid: 'CH', contactId: 'c', reason: '', style: 'hold', mode: 'in_order', ringSeconds: 20, state: 'dialing', outcome: null,
  isHeld: true, epoch: 0, movedUntil: null, isTold: false, holdUntil: now, createdAt: now, ...change,
});
const attempt = (change: Partial<Attempt>): Attempt => ({
  id: '0', tenantId: 'a', transferId: 't', position: 0, name: 'Dr. Lee', phone: '+1', state: 'dialing', callSid: null, isOver: false, ...change,
});

test.each<[string, Partial<Transfer>, Partial<Attempt>, string[]]>([
  ['a call that is not placed yet', {}, {}, ['place']],
  ['a phone that rings', {}, { callSid: 'CB' }, []],
  ['a phone that rang too long', {}, { callSid: 'CB', state: 'no_answer' }, ['end']],
  ['one that has ended by itself', {}, { callSid: 'CB', state: 'no_answer', isOver: true }, []],
  ['who lost to another one', { state: 'merging' }, { callSid: 'CB', state: 'cancelled' }, ['dismiss']],
  ['who would speak to nobody', { state: 'caller_left' }, { callSid: 'CB', state: 'cancelled' }, ['end']],
  ['a phone that rings for nobody, of which only its placer knew', { state: 'caller_left' }, { state: 'cancelled' }, ['seek']],
  ['who was never called', { state: 'caller_left' }, { state: 'cancelled', isOver: true }, []],
  ['a caller who waits', { state: 'holding' }, { state: 'waiting' }, ['go']],
  ['a caller who is not there yet', { state: 'requested', isHeld: false }, { state: 'waiting' }, []],
  ['a caller who never came', { state: 'requested', isHeld: false, createdAt: new Date(now.getTime() - 60_000) }, { state: 'waiting' }, ['hold']],
  ['a caller with the assistant', { state: 'requested', style: 'stay', isHeld: false }, { state: 'waiting' }, ['go']],
  ['a caller with the assistant, when somebody accepts', { state: 'merging', style: 'stay', isHeld: false }, { state: 'accepted', callSid: 'CB' }, ['hold']],
  ['nobody came', { state: 'returning' }, { state: 'declined', callSid: 'CB' }, ['bring_back']],
])('what is to be done about %s', (_, changed, who, expected) => {
  expect(duties(transfer(changed), [attempt(who)], now).map(({ kind }) => kind)).toEqual(expected);
});

test('each state has a limit', () => {
  for (const state of transferStates) expect(limitOf({ state, ringSeconds: 20 })).toBeGreaterThan(0);
  expect(limitOf({ state: 'dialing', ringSeconds: 60 })).toBe(75_000);
});
