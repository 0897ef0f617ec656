import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';
import { onCallPeople } from '../harness/oncall.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('where the socket cannot be opened the caller speaks to the assistant without one, and where the model fails they leave a message', async () => {
  const customer = house.customer();
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'relay' } });
  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ say: 'We open at eight.' });
  expect(await call.says('When do you open?')).toBe('gather');
  await call.hearsAllOf(/We open at eight/);
  house.model.next({ fail: 400 });
  await call.says('Can I come on Sunday?');
  await call.hears(/cannot answer right now/);
  await call.hearsBeep();
  await call.says('Please tell me whether Sunday is possible.');
  await house.forward('10s');
  await call.hears(/We will get back to you/);
  await call.isOver();
  await house.forward('4m');
  await house.thread.belongsTo(customer, 'queued');
  await house.expectQuiet();
  const spoken = (await house.thread.messages(customer)).map(({ direction, body }) => `${direction === 'inbound' ? 'in' : 'out'}: ${body}`);
  expect(spoken).toEqual(['in: When do you open?', 'out: We open at eight.', 'in: Can I come on Sunday?', expect.stringMatching(/^in: Please tell me/)]);
});

test('a caller without a socket who can not breathe is never left in silence: somebody is being reached, and then they hear who is on it', async () => {
  const [ada] = await onCallPeople(house, ['Ada']);
  const customer = house.customer();
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'relay' } });
  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ afterTool: 'raise_emergency', say: 'Somebody is being reached.' });
  expect(await call.says('Help, I can not breathe')).toBe('gather');
  await call.hearsAllOf(/is being reached/);
  const { code } = await ada!.isTexted();
  for (const _ of [1, 2, 3]) await house.forward('7s').then(() => call.hearsAllOf(/still trying to reach somebody/));
  ada!.sms.texts(code);
  await ada!.sms.expectsSms(/You have/);
  await ada!.isLeftAlone();
  await house.forward('7s');
  await call.hearsAllOf(/Ada is on it/);
  await eventually('the hub to know that they heard it', async () => /out: Ada is on it/.test((await house.thread.lines(customer)).join()));
  call.hangsUp();
  await house.expectQuiet();
});

test('without a socket, whoever only shows a number waits for a slow answer, and is not read what its owner was texted', async () => {
  const ada = house.customer();
  // Known under this number on the phone, too.
  const own = ada.calls();
  await own.hears(/How can I help you/);
  own.hangsUp();
  house.model.next({ say: 'Your results are here: positive.' });
  ada.texts('Are my blood results in?');
  await ada.expectsSms(/results are here/);
  await house.settle();
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'relay' } });
  const stranger = ada.calls({ attested: false });
  await stranger.hears(/How can I help you/);
  house.model.next({ say: 'I cannot say.', delayMs: 7_500 });
  expect(await stranger.says('Who am I, please?')).toBe('gather');
  await stranger.hearsAllOf(/I cannot say/);
  stranger.hangsUp();
  await house.expectQuiet();
  expect(stranger.words().join(' | ')).not.toMatch(/results are here/);
});

test('without a socket, a caller who is texted something while the answer is slow hears the answer, not the text', async () => {
  const customer = house.customer();
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'relay' } });
  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ callTool: { name: 'text_caller', arguments: { message: 'Our address: 5 Blue Street.' } } });
  house.model.next({ say: 'I have texted it to you. Please bring your passport.', delayMs: 8_000 });
  await call.says('Text me your address and tell me what to bring.');
  await customer.expectsSms(/Blue Street/, 8_000);
  await call.hearsAllOf(/passport/);
  call.hangsUp();
  await house.expectQuiet();
  expect(call.words().join(' | ')).not.toMatch(/Blue Street/);
});

test('without a socket, Twilio asks again with the same words because our answer was lost on the way: they were said once, and are answered as they were', async () => {
  const customer = house.customer();
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'relay' } });
  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ say: 'It is cancelled.' });
  expect(await call.says('Please cancel my appointment.')).toBe('gather');
  await call.hearsAllOf(/It is cancelled/);
  const { url, params, signature } = house.twilio.webhooks().findLast((sent) => sent.params['SpeechResult'] === 'Please cancel my appointment.')!;
  const again = await fetch(url.split('#')[0]!, { method: 'POST', body: new URLSearchParams(params as Record<string, string>), headers: { 'X-Twilio-Signature': signature! } });
  expect(await again.text()).toMatch(/It is cancelled/);
  call.hangsUp();
  await house.expectQuiet();
  const lines = (await house.thread.messages(customer)).map(({ direction, body }) => `${direction}: ${body}`);
  expect(lines).toEqual(['inbound: Please cancel my appointment.', 'outbound: It is cancelled.']);
});

test('without a socket, an answer that comes when the caller has hung up was heard by nobody', async () => {
  const customer = house.customer();
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'relay' } });
  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ say: 'Please come at nine tomorrow.', delayMs: 2_000 });
  expect(await call.says('When may I come?')).toBe('gather');
  await house.thread.has(customer, 'in: When may I come?');
  call.hangsUp();
  const said = await eventually('the answer to be in the thread', async () =>
    (await house.thread.messages(customer)).find(({ direction, status }) => direction === 'outbound' && status !== 'sending'));
  expect(said).toMatchObject({ status: 'undelivered', body: 'Please come at nine tomorrow.' });
  await house.expectQuiet();
});

test('whatever breaks in the hub, a caller can leave a message', async () => {
  const customer = house.customer();
  await house.database.query('alter table calls rename to calls_away');
  const call = customer.calls();
  await call.hearsBeep();
  await house.database.query('alter table calls_away rename to calls');
  await call.says('Nobody answered me, please call back.');
  await house.forward('10s');
  await call.isOver();
  await house.forward('4m');
  await house.thread.has(customer, 'in: Nobody answered me, please call back.');
  await house.expectQuiet();
});
