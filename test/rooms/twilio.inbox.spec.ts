import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FixedClock } from '@throughline/kernel/clock.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { startSimulator, type TwilioSimulator } from '@throughline/twilio-simulator/server.js';
import { TwilioInbox } from '../../src/channels/twilio.inbox.js';
import { ContactsService } from '../../src/contacts/contacts.service.js';

const credentials = { accountSid: `AC${'1'.repeat(32)}`, authToken: 'token' };
const [FRONT_DESK, ANNA, BORIS] = ['+15550100001', '+15551230001', '+15551230002'];
const to = { channel: 'sms', address: FRONT_DESK };
const clock = new FixedClock();
const since = clock.now();
let twilio: TwilioSimulator;
let inbox: TwilioInbox;

beforeAll(async () => {
  twilio = await startSimulator({
    port: 0, clock, accounts: [{ sid: credentials.accountSid, authToken: credentials.authToken }],
    numbers: [{ accountSid: credentials.accountSid, phoneNumber: FRONT_DESK, smsUrl: '', friendlyName: 'Front desk' }],
  });
  const account = new TwilioAccount({ credentials, apiOrigin: twilio.origin }, undefined, undefined);
  inbox = new TwilioInbox(account, new ContactsService(undefined as never, clock, undefined as never, undefined as never, undefined as never, undefined as never));
});
afterAll(() => twilio.close());

test('after a long absence all texts are listed, oldest first, however many pages they fill', async () => {
  const sids = Array.from({ length: 2_100 }, (_, n) => twilio.control.text({ from: ANNA, to: FRONT_DESK, body: `text ${n}` }).messageSid);
  expect((await inbox.listed({ to, since })).map((text) => text.sid)).toEqual(sids);
});

test('one person\'s are listed alone, and read with their media', async () => {
  const { messageSid } = twilio.control.text({ from: BORIS, to: FRONT_DESK, body: 'my card', mediaUrls: ['https://example.com/card.jpg'] });
  const [text, ...others] = await inbox.listed({ to, from: BORIS, since });
  expect(others).toEqual([]);
  expect(await inbox.read(text!)).toMatchObject({
    providerSid: messageSid, channel: 'sms', address: BORIS, sender: FRONT_DESK, body: 'my card',
    media: [{ url: expect.stringContaining(messageSid), contentType: 'image/jpeg' }],
  });
});
