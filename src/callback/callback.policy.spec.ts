import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { callbackMachine } from './callback.machine.js';
import { duties, isFinal, type Look, meantBy, missed, moved, noteOf } from './callback.policy.js';
import { type Callback, type CallbackEvent, callbackStates } from './callback.types.js';
import { wordsFor } from './lines.js';

const AT = new Date('2026-03-01T04:47:00Z');
const row = (change: Partial<Callback> = {}): Callback => ({
  id: '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f', tenantId: 't', incidentId: 'i', conversationSid: 'CH1', contactId: null, taker: 'Ada', takerPhone: '+15550100001', takerCalls: 1, takerCallSid: 'CAtaker', lostCallSids: [],
  pressKey: '4', phone: '+15551230001', sender: '+15550100000', personCallSid: null, isCalledBack: true, isMachine: false, isMachineTold: false, state: 'reaching', cause: null, epoch: 0,
  isTakerOver: false, isPersonOver: false, createdAt: AT, changedAt: AT, metAt: null, ...change,
});

describe('what is to be done at Twilio', () => {
  test.each<[string, Partial<Callback>, string[]]>([
    ['the taker is called', { state: 'calling', takerCallSid: null }, ['call_taker']],
    ['their phone rings', { state: 'calling' }, []],
    ['the person is called, once the taker is there', {}, ['call_person']],
    ['their phone rings', { personCallSid: 'CAperson' }, []],
    ['who is on the phone with us is fetched', { isCalledBack: false, personCallSid: 'CAperson', isPersonOver: true }, ['fetch_person']],
    ['they speak', { state: 'connected', personCallSid: 'CAperson' }, []],
    ['they speak, and one of them may be a machine', { state: 'connected', personCallSid: 'CAperson', isMachine: true }, ['tell_machine']],
    ['that is told once', { state: 'connected', personCallSid: 'CAperson', isMachine: true, isMachineTold: true }, []],
    ['nobody came: the taker is told, a phone that rings falls silent', { state: 'unanswered', personCallSid: 'CAperson' }, ['tell_taker', 'dismiss_person']],
    ['nobody came, and whoever was about to call them has died', { state: 'unanswered' }, ['tell_taker', 'seek_person']],
    ['the taker is gone: who was not fetched yet is left where they are', { state: 'taker_gone', isCalledBack: false, personCallSid: 'CAperson', isPersonOver: true, isTakerOver: true }, []],
    ['the taker was never called', { state: 'taker_gone', takerCallSid: null, isPersonOver: true }, ['seek_taker']],
    ['all is over', { state: 'over', isTakerOver: true, isPersonOver: true, personCallSid: 'CAperson' }, []],
  ])('%s', (_, change, wanted) => expect(duties(row(change))).toEqual(wanted));
});

describe('what was missed', () => {
  const both: Look = { taker: 'in-progress', person: 'in-progress', room: ['CAtaker', 'CAperson'] };
  test.each<[string, Partial<Callback>, Partial<Look>, boolean, CallbackEvent | null]>([
    ['the phone rings on', { state: 'calling' }, { taker: 'ringing' }, false, null],
    ['nobody has picked it up', { state: 'calling' }, { taker: 'no-answer' }, false, 'taker_left'],
    ['it rings for too long', { state: 'calling' }, { taker: 'ringing' }, true, 'taker_left'],
    ['a key is waited for', { state: 'asking' }, {}, false, null],
    ['no key came', { state: 'asking' }, {}, true, 'taker_silent'],
    ['the taker’s call was lost on the way', {}, { taker: 'completed' }, false, 'taker_lost'],
    ['the taker has hung up while they spoke', { state: 'connected', personCallSid: 'CAperson' }, { taker: 'completed' }, false, 'taker_left'],
    ['the person’s phone rings', { personCallSid: 'CAperson' }, { person: 'ringing', room: ['CAtaker'] }, false, null],
    ['it rings for too long', { personCallSid: 'CAperson' }, { person: 'ringing', room: ['CAtaker'] }, true, 'person_unreached'],
    ['they are busy', { personCallSid: 'CAperson' }, { person: 'busy', room: ['CAtaker'] }, false, 'person_left'],
    ['who is to be fetched has hung up: that comes out when they are fetched', { isCalledBack: false, personCallSid: 'CAperson' }, { person: 'completed', room: [] }, false, null],
    ['both are in the room', { state: 'joining', personCallSid: 'CAperson' }, {}, false, 'met'],
    ['only one of them is', { state: 'joining', personCallSid: 'CAperson' }, { room: ['CAperson'] }, false, null],
    ['they speak for hours', { state: 'connected', personCallSid: 'CAperson' }, {}, true, null],
    ['it is over', { state: 'over', personCallSid: 'CAperson' }, { taker: 'completed', person: 'completed' }, true, null],
  ])('%s', (_, change, look, isLate, wanted) => expect(missed(row(change), { ...both, ...look }, isLate)).toBe(wanted));
});

test('a taker whose call was lost is called once more, where a phone of theirs is known', () => {
  expect(meantBy(row(), 'taker_lost')).toBe('taker_lost');
  expect(meantBy(row({ takerPhone: null }), 'taker_lost')).toBe('taker_left');
  expect(meantBy(row({ takerCalls: 2 }), 'taker_lost')).toBe('taker_left');
  expect(moved(row(), 'taker_lost', 'calling', AT)).toMatchObject({ state: 'calling', takerCallSid: null, lostCallSids: ['CAtaker'], takerCalls: 2 });
  expect(moved(row({ state: 'asking', personCallSid: 'CAperson' }), 'taker_ready', 'reaching', AT).state).toBe('joining');
});

test('who hangs up on voicemail has spoken with nobody, and the thread says so', () => {
  expect(meantBy(row({ state: 'connected', isMachine: true }), 'taker_left')).toBe('gave_up');
  expect(noteOf(row({ state: 'unanswered', isMachine: true }))).toBe('Ada called back: voicemail.');
  expect(noteOf(row({ state: 'unanswered' }))).toBe('Ada called back: no answer.');
  expect(noteOf(row({ state: 'over', metAt: AT, changedAt: new Date(AT.getTime() + 170_000) }))).toBe('Ada called back, 3 min.');
  expect(noteOf(row({ state: 'over', metAt: AT, isCalledBack: false }))).toBe('Ada spoke with them on the phone, 1 min.');
  expect(noteOf(row({ state: 'taker_gone' }))).toBeNull();
});

test('whatever is heard, in whichever order: what has ended stays ended, and nobody is called in it', () => {
  const events = fc.array(fc.constantFrom<CallbackEvent>(
    'taker_answered', 'taker_ready', 'taker_left', 'taker_lost', 'taker_silent', 'person_answered', 'person_unreached', 'person_left', 'met', 'gave_up'), { maxLength: 30 });
  fc.assert(fc.property(fc.constantFrom(...callbackStates), events, fc.boolean(), (state, heard, isCalledBack) => {
    let now = row({ state, isCalledBack });
    for (const told of heard) {
      const next = callbackMachine.next(now.state, meantBy(now, told));
      if (!next) continue;
      expect(isFinal(now.state)).toBe(false);
      now = moved(now, meantBy(now, told), next.to, AT);
    }
    expect(now.takerCalls).toBeLessThanOrEqual(2);
    if (isFinal(now.state)) expect(duties(now).filter((duty) => duty.startsWith('call_') || duty === 'fetch_person')).toEqual([]);
  }));
});

test('who waits is told by name, and no number is named but the one that they are written to at', () => {
  const waiting = { taker: 'Ada', call: null, callback: '+15551230001', writtenTo: '+15551230001' };
  expect(wordsFor('en-US', waiting)).toBe('Ada is on it and will call you back at +15551230001.');
  expect(wordsFor('de-AT', { ...waiting, writtenTo: 'visitor-1' })).toBe('Ada kümmert sich darum und meldet sich bei Ihnen.');
  expect(wordsFor('xx', { ...waiting, call: { hasNumber: true } })).toMatch(/^Ada is on it\. You may stay on the line/);
  expect(wordsFor('fr', { ...waiting, taker: 'Ada\nB', call: { hasNumber: false } })).toBe('Ada B s’en occupe. Veuillez rester en ligne.');
});
