import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { outboundMachine } from './outbound.machine.js';
import { endOf, isToBeEnded, noteOf, type Sight, triedAgainAt, verdictOf, verdictOn } from './outbound.policy.js';
import { type OutboundCall, type OutboundEvent, outboundStates } from './outbound.types.js';

const at = (minute: number): Date => new Date(minute * 60_000);
const FREE: Sight = {
  now: at(0), latest: at(600), unwanted: null, isTheirs: true, isEnabled: true, withPeople: false, quiet: null, isOnPhone: false, underWay: 0, atOnce: 2, calledAt: [], perDay: 2,
};

describe('a call', () => {
  test.each<[string, Partial<Sight>, object]>([
    ['is begun where nothing is in its way', {}, { verdict: 'go' }],
    ['is refused where they have not agreed', { unwanted: 'they have not agreed' }, { verdict: 'refuse', cause: 'they have not agreed' }],
    ['is refused where the number is not theirs any more', { isTheirs: false }, { verdict: 'refuse' }],
    ['is refused where the assistant is switched off', { isEnabled: false }, { verdict: 'refuse' }],
    ['waits for the end of quiet hours', { quiet: { until: at(300), cause: 'night' } }, { verdict: 'hold', until: at(300), cause: 'night' }],
    ['is refused where that is too late', { quiet: { until: at(600), cause: 'night' } }, { verdict: 'refuse', cause: 'night; that is too late' }],
    ['waits while a colleague has the conversation', { withPeople: true }, { verdict: 'hold', until: at(1) }],
    ['waits while they are on the phone', { isOnPhone: true }, { verdict: 'hold', until: at(1) }],
    ['waits for another one to end', { underWay: 2 }, { verdict: 'hold', forOthers: true }],
    ['waits until they were called less often', { latest: at(2_000), calledAt: [at(-500), at(-400), at(-300)] }, { verdict: 'hold', until: at(-400 + 1_440) }],
  ])('%s', (_, change, expected) => {
    expect(verdictOf({ ...FREE, ...change })).toMatchObject(expected);
  });

  test('is never begun while anything is in its way, and never waits beyond its time', () => {
    const sight = fc.record({
      unwanted: fc.constantFrom(null, 'no'), isTheirs: fc.boolean(), isEnabled: fc.boolean(), withPeople: fc.boolean(), isOnPhone: fc.boolean(), underWay: fc.nat(3),
      quiet: fc.option(fc.nat(1_000).map((minute) => ({ until: at(minute), cause: 'night' }))), latest: fc.nat(2_000).map(at), calledAt: fc.array(fc.nat(1_439), { maxLength: 3 }).map((ago) => ago.sort((a, b) => b - a).map((each) => at(-each))),
    }).map((change) => ({ ...FREE, ...change }));
    fc.assert(fc.property(sight, (seen) => {
      const verdict = verdictOf(seen);
      const isFree = seen.unwanted === null && seen.isTheirs && seen.isEnabled && !seen.withPeople && !seen.isOnPhone && seen.quiet === null && seen.underWay < 2 && seen.calledAt.length < 2;
      expect(verdict.verdict === 'go').toBe(isFree);
      if (verdict.verdict === 'hold') expect([verdict.until > seen.now || seen.quiet !== null, verdict.until < seen.latest]).toEqual([true, true]);
    }));
  });

  test.each<[string, number | null, string | null]>([
    ['completed', null, 'ended'], ['busy', 486, 'busy'], ['no-answer', 487, 'no_answer'], ['failed', 404, 'failed'], ['failed', 480, 'no_answer'], ['canceled', null, 'failed'],
    ['ringing', null, null], ['in-progress', null, null], ['initiated', null, null], ['', null, null],
  ])('that Twilio calls %s (SIP %s) is %s', (status, sip, expected) => {
    expect(endOf(status, sip)).toBe(expected);
  });

  test.each<[string, OutboundCall['whenMachine'], string | null]>([
    ['human', 'hang_up', null], ['unknown', 'hang_up', null], ['', 'hang_up', null], ['machine_start', 'hang_up', 'machine'], ['machine_end_beep', 'hang_up', 'machine'], ['fax', 'talk', 'machine'],
    ['fax', 'leave_message', 'machine'], ['machine_end_beep', 'leave_message', 'message'], ['machine_end_silence', 'leave_message', 'message'], ['machine_end_other', 'leave_message', 'message'],
    ['machine_start', 'leave_message', null], ['unknown', 'leave_message', null],
  ])('taken by %s, where a machine is to be treated like this: %s', (answeredBy, whenMachine, expected) => {
    expect(verdictOn(answeredBy, { whenMachine })).toBe(expected);
  });

  test('is tried again as often as was wished, after a busy line or no answer, and not too late', () => {
    const call = { tries: 1, againTimes: 2, againAfterMinutes: 10, latest: at(60) } as OutboundCall;
    const again = (change: Partial<OutboundCall>, event: OutboundEvent = 'busy'): Date | null => triedAgainAt({ ...call, ...change }, event, at(0));
    expect([again({}), again({ tries: 2 }, 'no_answer'), again({ tries: 3 }), again({ againTimes: 0 }), again({ latest: at(10) }), again({}, 'failed'), again({}, 'cancelled')])
      .toEqual([at(10), at(10), null, null, null, null, null]);
  });

  test('that has ended here does not ring on, and whoever was not reached is known not to have been', () => {
    for (const state of outboundStates.filter((each) => outboundMachine.isFinal(each))) {
      const call = { state, purpose: 'x', message: 'y', cause: 'z', callSid: 'CA1', isOver: false, background: null } as OutboundCall;
      const speaksForItself = ['reached', 'cancelled'].includes(state);
      expect([state, noteOf(call) === null]).toEqual([state, speaksForItself]);
      expect([state, isToBeEnded(call)]).toEqual([state, ['machine', 'no_answer', 'failed', 'cancelled'].includes(state)]);
      expect([isToBeEnded({ ...call, isOver: true }), isToBeEnded({ ...call, callSid: null })]).toEqual([false, false]);
    }
  });
});
