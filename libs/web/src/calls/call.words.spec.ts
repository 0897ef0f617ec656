import { describe, expect, it } from '@jest/globals';
import type { Heard, PhoneCall, Said } from '../live/simulator.types.js';
import { callMarks, captions, ringsAt, stateWords, withMarks } from './call.words.js';

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 5, 9) + seconds * 1_000).toISOString();

const sound = (second: number, kind: Heard['kind'], text: string, more: Partial<Heard> = {}): Heard => ({ kind, text, at: at(second), until: at(second + 1), ...more });

const said = (second: number, text: string, more: Partial<Said> = {}): Said => ({ kind: 'words', text, at: at(second), takenBy: 'relay', ...more });

const call = (more: Partial<PhoneCall> = {}): PhoneCall => ({
  callSid: 'CA1', from: '+15552010001', to: '+15550100001', direction: 'inbound', status: 'completed', startedAt: at(0), answeredAt: at(1), endedAt: at(66), ...more,
});

describe('words about a call', () => {
  it('shows both sides in the order in which they began, and says who was interrupted and who spoke to nobody', () => {
    const lines = captions(
      [sound(0, 'ring', ''), sound(1, 'silence', ''), sound(2, 'relay', 'We open ', { isCut: true }), sound(9, 'beep', ''), sound(10, 'relay', '', { until: null }), sound(11, 'say', 'Good mor', { until: null })],
      [said(4, 'And on Sunday?'), said(5, '12', { kind: 'keys' }), said(20, 'Hello?', { takenBy: null })],
    );
    expect(lines.map(({ by, text, remark, isLive }) => [by, text, remark, isLive])).toEqual([
      ['sound', 'It rings', undefined, false], ['them', 'We open', 'interrupted', false], ['me', 'And on Sunday?', undefined, false], ['me', 'Pressed 12', undefined, false],
      ['sound', 'Beep', undefined, false], ['them', 'Good', undefined, true], ['me', 'Hello?', 'nobody was listening', false],
    ]);
  });

  it.each<[Partial<PhoneCall>, string]>([
    [{ status: 'ringing', answeredAt: null, endedAt: null }, 'Calling…'],
    [{ status: 'ringing', answeredAt: null, endedAt: null, direction: 'outbound-api' }, 'Calls you'],
    [{ status: 'in-progress', endedAt: null }, '1:59'],
    [{}, 'Call ended · 1:05'],
    [{ status: 'busy', answeredAt: null }, 'Call declined, or busy'],
    [{ status: 'no-answer', answeredAt: null }, 'Call not answered'],
  ])('%j is shown as "%s"', (more, words) => {
    expect(stateWords(call(more), new Date(at(120)))).toBe(words);
  });

  it('rings only where somebody calls the phone', () => {
    expect([undefined, call({ status: 'ringing' }), call({ status: 'ringing', direction: 'outbound-api' }), call({ direction: 'outbound-api' })].map(ringsAt)).toEqual([false, false, true, false]);
  });

  it('marks where a call began and ended, between the messages', () => {
    const messages = [5, 10, 70].map((second) => ({ id: second, createdAt: at(second) }));
    const marks = callMarks([call({ callSid: 'CA2', startedAt: at(80), answeredAt: null, endedAt: at(90), status: 'no-answer', direction: 'outbound-api' }), call({ startedAt: at(7) })]);
    expect(withMarks(messages, marks).map((each) => ('id' in each ? each.id : each.text))).toEqual(
      [5, 'Phone call', 10, 'Phone call ended · 1:05', 70, 'Phone call from us', 'Phone call not answered'],
    );
  });
});
