import { expect, test } from '@jest/globals';
import { ANNA, control, FRONT_DESK, house, refusal } from './contract-house.js';

const send = () => house().straight.messages.create({ to: ANNA, from: FRONT_DESK, body: 'x' });
const delivered = () => control().phone(ANNA).messages.length;

test('429 and 500-before come without the effect, 500-after with it; each once', async () => {
  control().fault({ kind: '429', retryAfterS: 3, match: { path: 'Messages' } });
  expect(await refusal(send())).toMatchObject({ status: 429, code: 20429 });
  control().fault({ kind: '500-before' });
  expect(await refusal(send())).toMatchObject({ status: 500, code: 20500 });
  expect(delivered()).toBe(0);
  control().fault({ kind: '500-after', match: { method: 'POST', host: '^api' } });
  expect(await refusal(send())).toMatchObject({ status: 500, code: 20500 });
  expect(delivered()).toBe(1);
  await send();
  expect([delivered(), control().faults()]).toEqual([2, []]);
  expect(control().requests().map((one) => one.fault)).toEqual(['429', '500-before', '500-after', undefined]);
});

test('an answer that is dropped or hangs has had its effect', async () => {
  control().fault({ kind: 'drop-answer' });
  await expect(send()).rejects.toThrow();
  control().fault({ kind: 'hang', hangMs: 60_000 });
  const taken = new Promise<void>((resolve) => control().listen((event) => event === 'request' && resolve()));
  const impatience = new AbortController();
  const { accountSid, username, password } = house().straight;
  const asked = fetch(`${house().twilio.origin}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: 'POST', signal: impatience.signal, body: new URLSearchParams({ To: ANNA, From: FRONT_DESK, Body: 'x' }),
    headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
  });
  await taken;
  impatience.abort();
  await expect(asked).rejects.toThrow();
  expect(delivered()).toBe(2);
});

test('webhooks are lost, doubled, unsigned, wrongly signed, or told in another order', async () => {
  const { sink } = house();
  const texts = async (...bodies: string[]) => {
    sink.forget();
    for (const body of bodies) control().text({ from: ANNA, to: FRONT_DESK, body });
    await control().idle();
    return sink.values('/sms', 'Body');
  };
  control().fault({ kind: 'webhook-lost', match: { event: 'messaging' } });
  expect(await texts('lost', 'kept')).toEqual(['kept']);
  control().fault({ kind: 'webhook-duplicate', copies: 3 });
  expect(await texts('thrice')).toEqual(['thrice', 'thrice', 'thrice']);
  control().fault({ kind: 'webhook-unsigned', match: { url: '/sms$' } });
  await texts('unsigned');
  expect([sink.heard[0]?.headers['x-twilio-signature'], sink.heard[0]?.genuine]).toEqual([undefined, false]);
  control().fault({ kind: 'webhook-wrong-signature' });
  await texts('forged');
  expect(sink.heard[0]).toMatchObject({ genuine: false, headers: { 'x-twilio-signature': expect.any(String) } });
  control().fault({ kind: 'webhook-reordered', hold: 3, order: [2, 0, 1] });
  expect(await texts('a', 'b', 'c', 'd')).toEqual(expect.arrayContaining(['c', 'a', 'b', 'd']));
  expect(sink.values('/sms', 'Body').filter((body) => body !== 'd')).toEqual(['c', 'a', 'b']);
});

test('a late webhook waits for its time; a half-full group is let go when its fault is taken away', async () => {
  const { sink } = house();
  control().fault({ kind: 'webhook-late', delayMs: 600_000 });
  control().text({ from: ANNA, to: FRONT_DESK, body: 'late' });
  control().fault({ kind: 'webhook-reordered', hold: 5 });
  control().text({ from: ANNA, to: FRONT_DESK, body: 'held' });
  expect(await control().idle()).toMatchObject({ idle: true, holding: 1, later: 1 });
  expect(sink.heard).toEqual([]);
  control().clearFaults();
  await control().idle();
  expect(sink.values('/sms', 'Body')).toEqual(['held']);
  control().forward('10m');
  await control().idle();
  expect(sink.values('/sms', 'Body')).toEqual(['held', 'late']);
});
