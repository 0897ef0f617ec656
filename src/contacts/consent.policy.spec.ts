import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { binding, callStanding, standingOf, stopBeside, stoppedAnywhere } from './consent.policy.js';
import { ANY_SENDER, type ConsentPurpose, consentPurposes, type ConsentWord, purposes } from './contacts.types.js';

/** `out everything, in service, …` in the order in which it was said, a minute apart. */
const said = (...words: string[]): ConsentWord[] =>
  words.map((word, index) => {
    const [state, purpose] = word.split(' ') as ['in' | 'out', ConsentPurpose];
    return { state: state === 'in' ? 'opted_in' : 'opted_out', purpose, changedAt: new Date(index * 60_000), seq: index };
  });

const allowed = (...words: string[]): string[] => purposes.filter((purpose) => standingOf(said(...words), purpose).may);

test.each([
  ['answers need no leave, all else does', [], ['service']],
  ['a STOP ends everything', ['in marketing', 'out everything'], []],
  ['a START brings the answers back, and no marketing', ['in marketing', 'out everything', 'in everything'], ['service']],
  ['marketing that was agreed to after that', ['out everything', 'in everything', 'in marketing'], ['service', 'marketing']],
  ['no more marketing ends the marketing', ['in marketing', 'in alerts', 'out marketing'], ['service', 'alerts']],
  ['consent to one purpose after a STOP is consent to that one', ['out everything', 'in alerts'], ['alerts']],
  ['a START to nothing is no consent to anything', ['in everything'], ['service']],
  ['no more answers', ['out service'], []],
])('%s', (_, words, expected) => {
  expect(allowed(...words)).toEqual(expected);
});

test('of two words of the same instant the one that was noted later counts', () => {
  const at = new Date(0);
  const [out, back] = said('out everything', 'in everything').map((word) => ({ ...word, changedAt: at })) as [ConsentWord, ConsentWord];
  expect(standingOf([back, out], 'service')).toEqual({ may: true });
  expect(standingOf([{ ...out, seq: 2 }, back], 'service')).toEqual({ may: false, because: { ...out, seq: 2 } });
});

const to = (...words: string[]): (ConsentWord & { channel: string; sender: string })[] =>
  words.map((word, index) => {
    const [channel, sender, state, purpose = 'everything'] = word.split(' ') as [string, string, string, string?];
    return { ...said(`${state} ${purpose}`)[0]!, channel, sender, changedAt: new Date(index * 60_000), seq: index };
  });

test.each([
  ['nothing was said', [], false],
  ['one of two senders was told to stop', ['sms A in', 'sms B out'], true],
  ['and has been told to start since', ['sms B out', 'sms B in'], false],
  ['one of two was, and then all have been told to start', ['sms A out', 'sms B in', 'sms * in'], false],
  ['and one of them to stop after that', ['sms A out', 'sms * in', 'sms B out'], true],
  ['none of our senders any more', ['sms * out'], true],
  ['none any more, and then one was told to start', ['sms A out', 'sms * out', 'sms A in'], false],
  ['one was told to start, and then none any more', ['sms A out', 'sms A in', 'sms * out'], true],
  ['a start on another channel', ['rcs * out', 'sms A in'], true],
  ['no more offers is no stop', ['sms A out marketing'], false],
])('a stop to any of our senders: %s', (_, words, expected) => {
  expect(stoppedAnywhere(to(...words))).toBe(expected);
});

const anyWord = fc.tuple(fc.constantFrom('in', 'out'), fc.constantFrom(...consentPurposes)).map(([state, purpose]) => `${state} ${purpose}`);

test('whatever was said before: the order of reading changes nothing, and after a last STOP nothing may go', () => {
  fc.assert(fc.property(fc.array(anyWord, { maxLength: 12 }), fc.constantFrom(...purposes), fc.infiniteStream(fc.nat()), (words, purpose, dice) => {
    const straight = said(...words);
    const shuffled = straight.map((word) => ({ word, at: dice.next().value })).sort((a, b) => a.at - b.at).map(({ word }) => word);
    expect(standingOf(shuffled, purpose)).toEqual(standingOf(straight, purpose));
    expect(standingOf(said(...words, 'out everything'), purpose).may).toBe(false);
  }));
});

const EVERYWHERE = ['sms', 'whatsapp'].flatMap((channel) => ['+1', '+2', '+3'].map((sender) => ({ channel, sender })));
const about = <T extends { channel: string; sender: string }>(all: T[], { channel, sender }: { channel: string; sender: string }): T[] =>
  all.filter((one) => one.channel === channel && [sender, ANY_SENDER].includes(one.sender));

test('what is kept of somebody who is erased decides about answers as before, and agrees to nothing more', () => {
  const word = fc.record({
    state: fc.constantFrom('opted_in' as const, 'opted_out' as const), purpose: fc.constantFrom(...consentPurposes), sender: fc.constantFrom(ANY_SENDER, '+1', '+2'),
    channel: fc.constantFrom('sms', 'whatsapp'), minute: fc.nat(5),
  });
  fc.assert(fc.property(fc.array(word, { maxLength: 12 }), (given) => {
    const words = given.map(({ minute, ...rest }, seq) => ({ ...rest, seq, changedAt: new Date(minute * 60_000) }));
    const kept = binding(words);
    const answers = (all: typeof words): boolean[] => [stoppedAnywhere(all), ...EVERYWHERE.map((where) => standingOf(about(all, where), 'service').may)];
    expect(answers(kept)).toEqual(answers(words));
    expect(EVERYWHERE.filter((where) => (['alerts', 'marketing'] as const).some((purpose) => standingOf(about(kept, where), purpose).may))).toEqual([]);
    expect(binding(kept)).toEqual(kept);
  }), { numRuns: 5_000 });
});

const minute = (at: number): Date => new Date(at * 60_000);

test.each<[string, string[], string[], Date | null, boolean]>([
  ['nobody is called out of the blue', [], [], null, false],
  ['nor for a consent to something else', ['in marketing', 'in alerts'], [], null, false],
  ['who has agreed to calls is called', ['in service'], [], null, true],
  ['until they say no', ['in service', 'out service'], [], null, false],
  ['until they want nothing at all', ['in service', 'out everything'], [], null, false],
  ['who asks for a call is called', [], [], minute(5), true],
  ['also after a stop', ['out everything'], [], minute(5), true],
  ['but not when they say stop before it comes', ['in marketing', 'out everything'], [], minute(0), false],
  ['a STOP to a text ends calls', ['in service'], ['sms a in', 'sms a out'], null, false],
  ['a START after it brings them back', ['in service'], ['sms a out', 'sms a in'], null, true],
  ['a call that was asked for after a STOP comes', [], ['sms a out'], minute(5), true],
  ['no more marketing by text is no word about calls', ['in service'], ['sms a in service', 'sms a out marketing'], null, true],
])('%s', (_, calls, texts, askedAt, may) => {
  expect(callStanding(said(...calls), to(...texts), 'service', askedAt).may).toBe(may);
});

test.each([
  ['nothing was said', [], [], false],
  ['a STOP on the other one', [], ['sms A out'], true],
  ['no more offers there', [], ['sms A out marketing'], false],
  ['a START there since', [], ['sms A out', 'sms A in'], false],
  ['a START here since', ['start'], ['sms A out'], false],
  ['a START here before', ['start'], ['sms A in', 'sms A in', 'sms A in', 'sms A out'], true],
])('one stop for two channels: %s', (_, own, beside, expected) => {
  const start: ConsentWord = { state: 'opted_in', purpose: 'everything', changedAt: new Date(90_000), seq: 9 };
  expect(stopBeside(own.map(() => start), to(...beside)) !== null).toBe(expected);
});
