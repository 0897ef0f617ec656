import { expect, test } from '@jest/globals';
import { aboutChannels, aboutDrills, aboutPolicies, aboutSenders, aboutSteps, both, joined } from './warnings.policy.js';

const at = (hour: number): Date => new Date(Date.UTC(2026, 0, 5, hour));
const stretch = (from: number, until: number) => ({ from: at(from), until: at(until) });
const whole = stretch(0, 20);
const POLICY = { id: 'p', name: 'Nights' };

test.each<[string, string[], string | undefined, string[]]>([
  ['a number for each', ['sms', 'voice'], undefined, []],
  ['one that is named', [], '+15550000001', []],
  ['one for texts', ['sms', 'email'], undefined, ['no_call_sender']],
  ['one for calls', ['voice'], undefined, ['no_text_sender']],
  ['none', ['whatsapp', 'email'], undefined, ['no_sender']],
])('senders: %s', (_, channels, named, codes) => {
  expect(aboutSenders(channels.map((channel) => ({ channel: channel as 'sms' })), named).map(({ code }) => code)).toEqual(codes);
});

test.each<[string, string[], string | undefined, string | undefined, string[]]>([
  ['all is there', ['p'], 'p', '+15550000009', []],
  ['none is named', ['p'], undefined, '+15550000009', []],
  ['no policy, no fallback', [], undefined, undefined, ['no_policy', 'no_fallback']],
  ['the one that is named has gone', ['p'], 'q', '+15550000009', ['policy_missing']],
])('policies: %s', (_, ids, policyId, fallback, codes) => {
  expect(aboutPolicies(ids.map((id) => ({ id })), { threshold: 4, slaSeconds: 300, ...(policyId ? { policyId } : {}), ...(fallback ? { fallback } : {}) }).map(({ code }) => code)).toEqual(codes);
});

test.each<[string, string[], string[], boolean, string[]]>([
  ['all can go out', ['voice', 'whatsapp', 'email'], ['whatsapp', 'email'], true, []],
  ['no sender for either', ['whatsapp', 'email'], ['sms'], true, ['no_channel_sender', 'no_channel_sender']],
  ['no template', ['sms', 'whatsapp'], ['whatsapp'], false, ['no_whatsapp_template']],
  ['mails alone', ['email'], ['email'], false, ['step_wakes_nobody']],
])('channels of a step: %s', (_, channels, senders, hasTemplate, codes) => {
  const template = { contentSid: 'HX1', variables: { 1: 'reply' as const } };
  const steps = [{ targets: [], channels: channels as 'sms'[], waitSeconds: 60 }];
  const warnings = aboutChannels([{ ...POLICY, steps }], senders.map((channel) => ({ channel: channel as 'sms' })), { escalation: { threshold: 4, slaSeconds: 300 }, whatsapp: hasTemplate ? { reopenTemplate: template } : {} });
  expect(warnings.map(({ code }) => code)).toEqual(codes);
});

test('what two lists of stretches have in common, and stretches that follow each other', () => {
  expect(both([stretch(0, 4), stretch(6, 10)], [stretch(2, 7), stretch(9, 12)])).toEqual([stretch(2, 4), stretch(6, 7), stretch(9, 10)]);
  expect(both([stretch(0, 4)], [stretch(4, 8)])).toEqual([]);
  expect(joined([stretch(0, 4), stretch(4, 6), stretch(7, 8)])).toEqual([stretch(0, 6), stretch(7, 8)]);
});

test.each<[string, { from: Date; until: Date }[][], unknown[]]>([
  ['all reach somebody', [[], []], []],
  ['one never does', [[], [stretch(0, 8), stretch(8, 20)]], [['step_reaches_nobody', 1, 0]]],
  ['one does not at times', [[stretch(2, 3), stretch(5, 6)], []], [['step_reaches_nobody', 0, 2]]],
  ['at times none does', [[stretch(2, 6)], [stretch(5, 9)]], [['policy_reaches_nobody', null, 1], ['step_reaches_nobody', 0, 1], ['step_reaches_nobody', 1, 1]]],
  ['none ever does', [[whole], [whole]], [['policy_reaches_nobody', null, 0]]],
])('steps: %s', (_, holes, expected) => {
  expect(aboutSteps(POLICY, holes, whole).map(({ code, step, stretches }) => [code, step, stretches.length])).toEqual(expected);
});

test('drills: what nobody took, and what did not come, is said until the next one', () => {
  const run = { id: 'r', drillId: 'd', outcome: 'begun' as const, why: null, incidentId: 'i', createdAt: at(0), state: 'acknowledged' as const, acknowledgedBy: 'Ada', secondsToAcknowledge: 30 };
  const about = (lastRun: Parameters<typeof aboutDrills>[0][number]['lastRun']) => aboutDrills([{ id: 'd', name: 'Tuesday', lastRun }]).map(({ code }) => code);
  expect([null, run, { ...run, state: 'waiting' as const }].flatMap((each) => about(each))).toEqual([]);
  expect([{ ...run, state: 'exhausted' as const }, { ...run, outcome: 'missed' as const, state: null }].flatMap((each) => about(each))).toEqual(['drill_not_taken', 'drill_not_run']);
});
