import { expect, test } from '@jest/globals';
import type { Trust } from '../contacts/contacts.types.js';
import type { Sender } from '../tenancy/tenancy.types.js';
import { type Known, otherPlaces } from './others.policy.js';

const PHONE = '+15551230001';
const own = { channel: 'rcs', sender: 'clinic', address: PHONE, messagingServiceSid: null, messagesPerSecond: null };
const sender = (channel: string, address: string): Sender => ({ channel, address, messagingServiceSid: null, messagesPerSecond: null }) as Sender;
const wrote = (channel: string, address: string, at: number, to = '+15550000001') => ({ channel, address, sender: to, at: new Date(at) });
const theirs = (channel: string, address: string, trust: Trust = 'carrier_verified') => ({ channel, address, trust });
const known: Known = {
  addresses: [theirs('rcs', PHONE), theirs('whatsapp', PHONE), theirs('email', 'maya@example.com', 'verified'), theirs('email', 'other@example.com', 'claimed'), theirs('chat', 'v1', 'anonymous')],
  lastWrote: [wrote('rcs', PHONE, 9), wrote('email', 'maya@example.com', 7, 'desk@clinic.example'), wrote('whatsapp', PHONE, 5)],
  senders: [sender('sms', '+15550000001'), sender('whatsapp', '+15550000001'), sender('email', 'first@clinic.example'), sender('email', 'desk@clinic.example'), sender('chat', 'w1')],
  isSure: (trust) => trust !== 'claimed' && trust !== 'anonymous', phone: PHONE, channels: null, unwanted: false,
};
const ways = (more: Partial<Known>, from = own): string[] => otherPlaces(from, { ...known, ...more }).map(({ channel, address, sender: by }) => `${channel} ${address} by ${by}`);
const [SMS, EMAIL, WHATSAPP] = [`sms ${PHONE} by +15550000001`, 'email maya@example.com by desk@clinic.example', `whatsapp ${PHONE} by +15550000001`];

test.each<[string, Partial<Known>, string[]]>([
  ['to the same phone, then where they wrote last, by the sender that they know; never to what is only claimed', {}, [SMS, EMAIL, WHATSAPP]],
  ['not by a channel that we have no sender on', { senders: [sender('email', 'first@clinic.example')] }, ['email maya@example.com by first@clinic.example']],
  ['in the order, and by the channels, that the tenant wants', { channels: ['whatsapp', 'sms'] }, [WHATSAPP, SMS]],
  ['by none, where the tenant wants none', { channels: [] }, []],
  ['once they want nothing where it was said to: only where they have written themselves', { unwanted: true }, [EMAIL, WHATSAPP]],
  ['never to a chat, also where they wrote last', { addresses: [theirs('chat', 'v1', 'verified')], lastWrote: [wrote('chat', 'v1', 9, 'w1')] }, [SMS]],
  ['not where it is less sure who reads it', { isSure: (trust) => trust === 'carrier_verified' }, [SMS, WHATSAPP]],
  ['without a phone', { phone: null }, [EMAIL, WHATSAPP]],
])('%s', (_what, more, expected) => {
  expect(ways(more)).toEqual(expected);
});

test('never back to where it was said to', () => {
  expect(ways({}, { ...own, channel: 'sms', sender: '+15550000001' })).toEqual([`rcs ${PHONE} by clinic`, EMAIL, WHATSAPP].slice(1));
});
