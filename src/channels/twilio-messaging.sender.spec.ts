import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ShiftableClock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { startSimulator, type TwilioSimulator } from '@throughline/twilio-simulator/server.js';
import type { Delivery, Look } from '../delivery/delivery.types.js';
import { smsRules } from './sms.rules.js';
import { TwilioMessagingSender, type TwilioSenderOptions } from './twilio-messaging.sender.js';

const OURS = '+15550100001';
const TRIAL = 'Sent from your Twilio trial account - ';
const account = { sid: `AC${randomBytes(16).toString('hex')}`, authToken: randomBytes(16).toString('hex') };

let twilio: TwilioSimulator;
let shared: TwilioSenderOptions;
let sender: TwilioMessagingSender;
let people = 0;
let address = '';
beforeAll(async () => {
  twilio = await startSimulator({
    port: 0, clock: new ShiftableClock(), accounts: [account], stepMs: 1, numbers: [{ accountSid: account.sid, phoneNumber: OURS, friendlyName: 'Front desk' }],
  });
  shared = {
    account: new TwilioAccount({ credentials: { accountSid: account.sid, authToken: account.authToken }, apiOrigin: twilio.origin }, undefined, undefined),
    channel: 'sms', rules: smsRules, messagesPerSecond: 10, publicBaseUrl: 'http://127.0.0.1:1', wireAddress: (_, to) => to, contents: { sidOf: async () => '', forget: async () => undefined }, linksOf: async () => ['http://127.0.0.1:1/file.png'],
  };
  sender = new TwilioMessagingSender(shared);
});
afterAll(() => twilio.close());
beforeEach(() => {
  people += 1;
  address = `+1555900${String(people).padStart(4, '0')}`;
});

const delivery = (body: string, claimedAt = twilio.control.now()): Delivery => ({
  id: '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f', tenantId: '', conversationSid: '', messageId: '', part: 1, parts: 1, channel: 'sms', sender: OURS,
  messagingServiceSid: null, address, body, files: [], segments: 1, state: 'sending', attempt: 1, leaseUntil: null, claimedAt, retryAt: null, heldUntil: null, uncertain: true,
  contentSid: null, contentVariables: null, detour: null, buttons: null, ruledOut: [], fallbackSender: null, retired: [], providerSid: null, retiredSids: [], errorCode: null, errorMeaning: null, sentAt: null, createdAt: claimedAt, updatedAt: claimedAt,
});

/** What Twilio's list has under these words. */
const listed = async (body: string): Promise<string> => (await sender.send(delivery(body))).providerSid;

const looked = (one: Delivery, known: string[] = []): Promise<Look> => sender.find(one, async (sids) => new Set(sids.filter((sid) => known.includes(sid))));

test('a text is found although our clock is minutes ahead of Twilio\'s', async () => {
  const providerSid = await listed('We open at eight.');
  const ahead = new Date(twilio.control.now().getTime() + 10 * 60_000);
  expect(await looked(delivery('We open at eight.', ahead))).toEqual({ outcome: 'found', providerSid });
});

test.each([
  ['a trial account', `${TRIAL}We open at eight.`, 'We open at eight.'],
  ['Smart Encoding', 'We open at "eight" - it\'s early...', 'We open at “eight” – it’s early…'],
  ['white space', 'We open  at\neight. ', 'We open at eight.'],
])('a text is found in the words of %s', async (_, theirs, ours) => {
  const providerSid = await listed(theirs);
  expect(await looked(delivery(ours))).toEqual({ outcome: 'found', providerSid });
});

test('what is known, older than an hour, or Twilio\'s own answer to a keyword is none of ours', async () => {
  const old = await listed('We open at eight.');
  twilio.control.forward(2 * 3_600_000);
  const known = await listed('We open at eight.');
  twilio.control.text({ from: address, to: OURS, body: 'HELP' });
  await twilio.control.idle();
  expect(await looked(delivery('We open at eight.'), [known])).toEqual({ outcome: 'absent' });
  expect(old).not.toBe(known);
});

test('a text in other words that nobody knows is no proof that ours is not there', async () => {
  const other = await listed('Your parcel has arrived.');
  expect(await looked(delivery('We open at eight.'))).toEqual({ outcome: 'unclear' });
  expect(await looked(delivery('We open at eight.'), [other])).toEqual({ outcome: 'absent' });
});

test('a message is removed with what is attached to it; one that is gone is no trouble', async () => {
  const { messageSid } = twilio.control.text({ from: address, to: OURS, body: 'Look', mediaUrls: ['https://example.com/a.jpg', 'https://example.com/b.jpg'] });
  await sender.remove(messageSid);
  const deleted = twilio.control.requests().filter(({ method, path }) => method === 'DELETE' && path.includes(messageSid)).map(({ path }) => path.split('/').at(-2));
  expect(deleted).toEqual(['Media', 'Media', 'Messages']);
  expect(await sender.ask(messageSid).catch((error: { httpStatus: number }) => error.httpStatus)).toBe(404);
  await sender.remove(messageSid);
});

test('a file without words is found again, and not taken for another one that is accounted for', async () => {
  const alone = { ...delivery(''), files: [0] };
  const sent = [await sender.send(alone), await sender.send(alone)].map(({ providerSid }) => providerSid);
  expect(await sender.find(alone, async () => new Set([sent[0]!]))).toEqual({ outcome: 'found', providerSid: sent[1] });
  expect(await sender.find(alone, async () => new Set(sent))).toEqual({ outcome: 'absent' });
});

test.each([
  ['that is not there any more', new HubError('not_found', 'media_not_here', 'It is gone.'), { errorClass: 'permanent', message: 'It is gone.' }],
  ['that cannot be had now', new HubError('unavailable', 'media_store_unavailable', 'No answer.'), { errorClass: 'retry', message: 'Its files are not at hand' }],
])('with a file %s nothing is sent', async (_what, error, failure) => {
  const options = { ...shared, linksOf: async () => Promise.reject(error) };
  await expect(new TwilioMessagingSender(options).send({ ...delivery('Look'), files: [0] })).rejects.toMatchObject(failure);
  expect(await sender.find(delivery('Look'), async () => new Set())).toEqual({ outcome: 'absent' });
});
