import { expect, test } from '@jest/globals';
import type { Binding, Participant } from '../entities.js';
import { authorOf, legsOf } from './fan-out.js';

const member = (sid: string, identity: string | null, binding: Binding | null): Participant => ({
  sid, identity, binding, accountSid: 'AC', conversationSid: 'CH', serviceSid: 'IS', createdAt: 0, updatedAt: 0,
  attributes: '{}', roleSid: null, lastReadIndex: null, lastReadAt: null,
});

const OFFICE = '+15550100001';
const phone = member('MB1', null, { type: 'sms', address: '+15550000001', proxyAddress: OFFICE });
const whatsapp = member('MB2', null, {
  type: 'whatsapp', address: 'whatsapp:+15550000001', proxyAddress: `whatsapp:${OFFICE}`,
});
const courier = member('MB3', null, { type: 'sms', address: '+15550000002', proxyAddress: OFFICE });
const visitor = member('MB4', 'chat:visitor', null);
const mirrored = member('MB5', 'sms:+15550000009', null);
const everybody = [phone, whatsapp, courier, visitor, mirrored];

// The table of facts B.1, and its consequence B.3 for one person with two bindings.
test.each<[string, string, string | undefined, string[]]>([
  ['nobody in particular reaches all bindings', 'system', undefined, ['MB1', 'MB2', 'MB3']],
  ['a chat identity reaches all bindings', 'chat:visitor', 'MB4', ['MB1', 'MB2', 'MB3']],
  ['a phone reaches all bindings but itself', '+15550000001', 'MB1', ['MB2', 'MB3']],
  ['the same person on WhatsApp is somebody else', 'whatsapp:+15550000001', 'MB2', ['MB1', 'MB3']],
  ['our own number is no participant', OFFICE, undefined, ['MB1', 'MB2', 'MB3']],
  ['an identity that looks like a phone gets nothing by phone', 'sms:+15550000009', 'MB5', ['MB1', 'MB2', 'MB3']],
])('%s', (_, author, participant, reached) => {
  expect(authorOf(author, everybody)?.sid).toBe(participant);
  expect(legsOf(author, everybody).map((leg) => leg.participant.sid)).toEqual(reached);
});

test('each leg leaves from the proxy of its participant', () => {
  expect(legsOf('system', [phone, whatsapp]).map((leg) => [leg.from, leg.to])).toEqual([
    [OFFICE, '+15550000001'],
    [`whatsapp:${OFFICE}`, 'whatsapp:+15550000001'],
  ]);
});

test('identities only: nothing fans out', () => {
  expect(legsOf('assistant', [visitor, mirrored])).toEqual([]);
});

test('a group writes from its projected address to each member but the author', () => {
  const group = [
    member('MB6', 'clinic', { type: 'sms', projectedAddress: OFFICE }),
    member('MB7', null, { type: 'sms', address: '+15550000001' }),
    member('MB8', null, { type: 'sms', address: '+15550000002' }),
  ];
  expect(legsOf('clinic', group).map((leg) => `${leg.from} ${leg.to}`)).toEqual([
    `${OFFICE} +15550000001`, `${OFFICE} +15550000002`,
  ]);
  expect(legsOf('+15550000001', group).map((leg) => leg.to)).toEqual(['+15550000002']);
});
