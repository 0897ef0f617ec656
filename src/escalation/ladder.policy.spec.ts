import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { attemptStates, type AttemptState, type Incident, incidentStates } from './escalation.types.js';
import { attemptMachine, incidentMachine } from './incident.machine.js';
import type { AlertChannel, Step } from '../policies/policies.types.js';
import { after, alertsFor, callWishedIn, codeIn, type Happening, insteadOf, isLost, nextRung, type Person, type Sight, toBeTold } from './ladder.policy.js';

const EVENTS = ['accepted', 'delivered', 'placed', 'answered', 'machine', 'silent', 'hung_up', 'unanswered', 'engaged', 'failed'] as const;
const step = (channels: Step['channels'] = ['voice', 'sms']) => ({ targets: [], channels, waitSeconds: 60 });
const person = (name: string, methods: string[], isDoNotDisturb = false): Person => ({
  id: name, name, isDoNotDisturb, methods: methods.map((each, index) => ({ id: `${name}${index}`, channel: each, address: `+1555${name}${index}` })),
});
const attempt = (id: string, state: AttemptState = 'pending', more: Partial<Sight['attempts'][number]> = {}) => ({ id, state, says: 'alert' as const, channel: 'voice' as const, round: 0, step: 0, ...more });
const sight = (state: Incident['state'], ...attempts: Sight['attempts']): Sight => ({ incident: { state, round: 0, step: 0 }, attempts });

describe('the machines', () => {
  const legal = (machine: { next: (state: never, event: never) => { to: string } | undefined }, states: readonly string[], events: readonly string[]) =>
    states.flatMap((state) => events.flatMap((event) => (machine.next(state as never, event as never) ? [`${state} ${event} ${machine.next(state as never, event as never)!.to}`] : [])));

  test('an incident: every way there is, and no other', () => {
    const events = ['fired', 'relieved', 'dispatched', 'ended', 'acknowledged', 'cancelled'];
    expect(legal(incidentMachine, incidentStates, events)).toEqual([
      'armed fired notifying', 'armed ended exhausted', 'armed acknowledged acknowledged', 'armed cancelled cancelled',
      'notifying fired notifying', 'notifying relieved notifying', 'notifying dispatched waiting', 'notifying ended exhausted', 'notifying acknowledged acknowledged', 'notifying cancelled cancelled',
      'waiting fired notifying', 'waiting relieved notifying', 'waiting ended exhausted', 'waiting acknowledged acknowledged', 'waiting cancelled cancelled',
      'exhausted acknowledged acknowledged', 'exhausted cancelled cancelled',
    ]);
  });

  test('an attempt that is over is never taken up again, but one that was called off too late has left', () => {
    const over = ['acknowledged', 'no_key', 'no_answer', 'busy', 'failed', 'cancelled'];
    expect(legal(attemptMachine, over, [...EVENTS, 'acknowledged', 'cancelled'])).toEqual(['cancelled accepted sent']);
  });

  test('nothing but a person takes an incident: no fate of a text or a call does', () => {
    for (const state of attemptStates) for (const event of EVENTS) expect(attemptMachine.next(state, event)?.to).not.toBe('acknowledged');
  });
});

describe('what happens', () => {
  test('when all of a step are on their way, it waits', () => {
    const one = after(sight('notifying', attempt('a'), attempt('b')), { what: 'placed', attemptId: 'a' });
    expect(one.incident.state).toBe('notifying');
    expect(after(one, { what: 'failed', attemptId: 'b' }).incident.state).toBe('waiting');
  });

  test('the first who takes it has it: what has not left does not leave, what rings is called off', () => {
    const taken = after(sight('waiting', attempt('a', 'answered'), attempt('b', 'ringing'), attempt('c'), attempt('d', 'sent', { channel: 'sms' })), { what: 'acknowledged', attemptId: 'a' });
    expect([taken.incident.state, ...taken.attempts.map(({ state }) => state)]).toEqual(['acknowledged', 'acknowledged', 'cancelled', 'cancelled', 'sent']);
    expect(after(taken, { what: 'acknowledged', attemptId: 'b' })).toBe(taken);
  });

  test('whatever comes, in whatever order: one at most has it, and when somebody has it nothing is on its way any more', () => {
    const happening: fc.Arbitrary<Happening> = fc.oneof(
      fc.record({ what: fc.constantFrom(...EVENTS), attemptId: fc.constantFrom('a', 'b', 'c', 'd') }), fc.record({ what: fc.constant('acknowledged' as const), attemptId: fc.constantFrom('a', 'b', 'c', 'd', null) }),
      fc.record({ what: fc.constantFrom('called_off' as const, 'ended' as const) }),
    );
    fc.assert(fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
      const begun = sight('notifying', attempt('a'), attempt('b'), attempt('c', 'pending', { channel: 'sms' }), attempt('d', 'pending', { channel: 'sms', says: 'told' }));
      const end = happenings.reduce((present, each) => after(present, each), begun);
      const states = end.attempts.filter(({ says }) => says === 'alert').map(({ state }) => state);
      expect(states.filter((state) => state === 'acknowledged').length).toBeLessThanOrEqual(1);
      if (['acknowledged', 'cancelled'].includes(end.incident.state)) expect(states.some((state) => ['pending', 'ringing', 'answered'].includes(state))).toBe(false);
    }), { numRuns: 300 });
  });

  test('a step is lost when nobody of it can be reached, and not before', () => {
    expect(isLost(sight('waiting', attempt('a', 'failed'), attempt('b', 'failed'), attempt('c', 'sent', { step: 1 })))).toBe(true);
    expect(isLost(sight('waiting', attempt('a', 'failed'), attempt('b', 'no_answer')))).toBe(false);
    expect(isLost(sight('acknowledged', attempt('a', 'failed')))).toBe(false);
  });
});

test('step by step, round by round, and then no more', () => {
  const incident = { state: 'armed' as const, round: 0, step: 0, steps: [step(), step()], rounds: 2 };
  const way = [nextRung(incident)!];
  for (let at = way[0] ?? null; at; at = nextRung({ ...incident, state: 'waiting', ...at })) if (at !== way[0]) way.push(at);
  expect(way).toEqual([{ round: 0, step: 0 }, { round: 0, step: 1 }, { round: 1, step: 0 }, { round: 1, step: 1 }]);
});

describe('who is told by what', () => {
  const told = (channels: Step['channels'], people: Person[], urgency = 5): string[] => alertsFor(step(channels), { round: 0, step: 0 }, people, urgency).map(({ name, channel, address }) => `${name} ${channel} ${address}`);

  test.each([
    ['each by the first way on each channel', ['voice', 'sms'] as const, [person('a', ['sms', 'voice', 'sms'])], 5, ['a voice +1555a1', 'a sms +1555a0']],
    ['by another way where there is none of it', ['voice'] as const, [person('a', ['sms'])], 5, ['a sms +1555a0']],
    ['by what wakes them rather than by a mail', ['voice', 'sms'] as const, [person('a', ['email', 'whatsapp']), person('b', ['email'])], 5, ['a whatsapp +1555a1', 'b email +1555b0']],
    ['by all that the step names', ['voice', 'whatsapp', 'email'] as const, [person('a', ['sms', 'email', 'whatsapp', 'voice'])], 5, ['a voice +1555a3', 'a whatsapp +1555a2', 'a email +1555a1']],
    ['nobody without any', ['voice'] as const, [person('a', [])], 5, []],
    ['in their quiet hours only of what is urgent', ['sms'] as const, [person('a', ['sms'], true), person('b', ['sms'])], 3, ['b sms +1555b0']],
    ['and of that always', ['sms'] as const, [person('a', ['sms'], true)], 4, ['a sms +1555a0']],
  ])('%s', (_, channels, people, urgency, expected) => {
    expect(told([...channels], people, urgency)).toEqual(expected);
  });

  test('who cannot be reached one way is reached another: of the same channel first, then any, and then there is none', () => {
    const ada = person('a', ['sms', 'voice', 'sms']);
    const failed = { round: 0, step: 0, channel: 'sms' as const };
    const taken = new Set(['0/0/a0']);
    const order: string[] = [];
    for (let next = insteadOf(failed, ada, taken); next; next = insteadOf(failed, ada, taken)) {
      order.push(next.key);
      taken.add(next.key);
    }
    expect(order).toEqual(['0/0/a2', '0/0/a1']);
  });

  test('who has been texted is told who has it, once at each number, and not who has it', () => {
    const texted = (name: string, address: string, state: AttemptState) => ({ ...attempt(name, state, { channel: 'sms' }), staffId: name, name, address });
    const all = [texted('a', '+1', 'delivered'), texted('b', '+2', 'sent'), texted('b', '+2', 'sent'), texted('c', '+3', 'failed'), texted('d', '+4', 'cancelled')];
    expect(toBeTold(all, 'a').map(({ key }) => key)).toEqual(['told/+2']);
    const by = (channel: AlertChannel, address: string) => ({ ...texted('e', address, 'sent'), channel });
    expect(toBeTold([by('sms', '+5'), by('whatsapp', '+5'), by('email', 'e@x.test'), by('voice', '+6')], 'a').map(({ channel, address }) => `${channel} ${address}`).sort()).toEqual(['email e@x.test', 'sms +5']);
  });
});

test.each([
  ['4821', '4821'], [' 4821 on my way', '4821'], ['#4821', '4821'], ['👍 4821', '4821'],
  ['I cannot take 4821', null], ['не могу 4821', null], ['لا أستطيع 4821', null], ['我不能接 4821', null], ['Όχι 4821', null], ['ÉÀÈ 4821', null], ['नहीं 4821', null],
  ['48210', null], ['482', null], ['', null],
])('a reply %p says the code %p', (body, code) => {
  expect(codeIn(body)).toBe(code);
});

test.each([['CALL 4821', '4821'], ['call 4821 please', '4821'], ['Anruf 4821', '4821'], ['Llamar: 4821', '4821'], ['APPEL 4821', '4821'], ['call me', null], ['не call 4821', null], ['call не 4821', null], ['please call 4821', null], ['call 48210', null], ['4821', null]])(
  'a reply %p asks for a call about %p', (body, code) => expect(callWishedIn(body)).toBe(code));
