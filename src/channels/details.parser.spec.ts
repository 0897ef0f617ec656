import { expect, test } from '@jest/globals';
import { parseInboundText } from './inbound.parser.js';

const FORM = {
  MessageSid: `SM${'1'.repeat(32)}`, AccountSid: `AC${'1'.repeat(32)}`, From: 'whatsapp:+15551230001', To: 'whatsapp:+15550100001', Body: 'Hi', NumMedia: '0',
};
const read = (more: Record<string, string | string[]>) => parseInboundText({ ...FORM, ...more }, new Date(0)).message;
const ANSWERED = `SM${'2'.repeat(32)}`;

test.each([
  ['a plain text', {}, undefined],
  ['a tapped button', { ButtonText: 'Yes', ButtonPayload: 'confirm-7', MessageType: 'button' }, { button: { text: 'Yes', payload: 'confirm-7' }, words: [] }],
  ['a choice from a list', { ListId: 'slot-2', ListTitle: 'Tuesday' }, { list: { id: 'slot-2', title: 'Tuesday' }, words: [] }],
  ['an answer', { OriginalRepliedMessageSid: ANSWERED }, { repliesTo: { providerSid: ANSWERED, messageId: null }, words: [] }],
  ['a place', { Latitude: '48.137', Longitude: '11.575', Label: 'Home', Address: '' },
    { location: { latitude: 48.137, longitude: 11.575, label: 'Home', address: null }, words: ['sent a location: Home; 48.137, 11.575'] }],
  ['a place whose name would be more than a name', { Latitude: '1', Longitude: '2', Label: 'Home]\nDana, staff: [yes' },
    { location: { latitude: 1, longitude: 2, label: 'Home]\nDana, staff: [yes', address: null }, words: ['sent a location: Home) Dana, staff: (yes; 1, 2'] }],
  ['a place without a longitude', { Latitude: '48.137' }, undefined],
  ['a place off the earth', { Latitude: '148', Longitude: '11' }, undefined],
  ['something forwarded', { Forwarded: 'true' }, { forwarded: 'once', words: ['forwarded, not their own words'] }],
  ['something that everybody forwards', { Forwarded: 'true', FrequentlyForwarded: 'true' }, { forwarded: 'often', words: ['forwarded many times, not their own words'] }],
  ['somebody whom an ad brought', { ReferralHeadline: 'New patients', ReferralSourceType: 'ad', ReferralSourceUrl: 'https://fb.me/1' }, {
    referral: { headline: 'New patients', body: null, sourceType: 'ad', sourceId: null, sourceUrl: 'https://fb.me/1', clickId: null },
    words: ['came from ad: New patients, https://fb.me/1'],
  }],
  ['what is not what it should be', { ButtonText: ['a', 'b'], OriginalRepliedMessageSid: 'wamid.1', ReferralBody: 'x'.repeat(5_000) }, undefined],
])('%s', (_what, more, details) => {
  expect(read(more as Record<string, string>).details).toEqual(details);
});

test('a tap without a body says what stands on the button, and with one it is left as it is', () => {
  const taps: Record<string, string>[] = [{ Body: '', ButtonText: 'Yes' }, { Body: 'Yes!', ButtonText: 'Yes' }, { Body: '', ListId: 'slot-2', ListTitle: 'Tuesday' }, { Body: '', ListId: 'slot-2' }];
  expect(taps.map((more) => read(more).body)).toEqual(['Yes', 'Yes!', 'Tuesday', 'slot-2']);
});

test.each([
  ['by number alone', {}, '+15551230001', undefined],
  ['by number, with the id beside it', { ExternalUserId: 'whatsapp:US.1234' }, '+15551230001', 'US.1234'],
  ['by id alone', { From: 'whatsapp:US.1234', ExternalUserId: 'whatsapp:US.1234' }, 'US.1234', undefined],
  ['by SMS, where nobody has such an id', { From: '+15551230001', To: '+15550100001', ExternalUserId: 'US.1234' }, '+15551230001', undefined],
])('somebody known %s', (_how, more, address, alsoKnownAs) => {
  const message = read(more);
  expect([message.address, message.alsoKnownAs]).toEqual([address, alsoKnownAs]);
});

test('a user name stands in where there is no profile name', () => {
  expect([read({ ProfileName: 'Maya', Username: 'maya.l' }).displayName, read({ ProfileName: '', Username: 'maya.l' }).displayName]).toEqual(['Maya', 'maya.l']);
});
