import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await house.speaksBy('realtime');
});
afterAll(() => house.close());

test('the hub dies while a model that speaks by itself is about to: the caller is answered by the next one, and greeted once', async () => {
  const customer = house.customer();
  const call = customer.calls();
  await call.hearsAllOf(/How can I help you/);
  house.model.use([{ when: /do you open/, say: 'At eight in the morning.' }, { when: /./, say: 'Could you say that again?' }]);
  house.diesAt('say.committed');
  // Twilio asks what next when somebody is there to answer, as it does where there is another hub.
  house.twilio.fault({ kind: 'webhook-late', match: { event: 'voice', url: '/connect' }, delayMs: 30_000 });
  await call.says('When do you open?');
  await house.comesBack();
  await house.forward('30s');
  await call.hears(/cut off/);
  await call.says('When do you open?');
  await call.hearsAllOf(/At eight in the morning/);
  call.hangsUp();
  await house.expectQuiet();
  expect(call.words().filter((words) => /How can I help/.test(words))).toHaveLength(1);
  house.model.use([]);
});

test('a model that thinks for long is covered by a word; a colleague who takes over silences it, and the caller is told', async () => {
  const customer = house.customer();
  const call = customer.calls();
  await call.hearsAllOf(/How can I help you/);
  house.model.next({ say: 'Now I have it.', delayMs: 2_500 });
  await call.says('Look it up, please.');
  await call.hears(/One moment, please/);
  await call.hearsAllOf(/Now I have it/);
  house.model.next({ say: 'I am going to tell you something that takes a good while to be said in full.', betweenMs: 300 });
  await call.says('Tell me everything.');
  await call.hears(/^ going/);
  await house.thread.change(customer, { event: 'staff_took_over', staff: 'Dana' });
  await call.hears(/A colleague is looking after this/);
  await call.hearsBeep();
  expect(call.words().join(' ')).not.toMatch(/good +while/);
  call.hangsUp();
  await house.forward('4m');
  await house.expectQuiet();
});

test('a caller who is put through hears so in full, and is back with the same model afterwards', async () => {
  const [lee] = await house.specialists(['Dr. Lee'], { onZero: true });
  const customer = house.customer();
  const call = customer.calls();
  await call.hearsAllOf(/How can I help you/);
  await call.presses('0#');
  await call.hears(/putting you through to a colleague. Please stay on the line\.$/);
  const leg = await lee!.answers();
  await leg.presses('1');
  await house.thread.belongsTo(customer, 'specialist');
  leg.hangsUp();
  await call.hearsAllOf(/Is there anything else/);
  house.model.next({ say: 'You are welcome.' });
  await call.says('No, thank you.');
  await call.hearsAllOf(/You are welcome/);
  expect(await house.database.query('select engine from calls where call_sid = $1', [call.callSid])).toEqual([{ engine: 'realtime' }]);
  call.hangsUp();
  await house.expectQuiet();
});

test('a caller who is back from a specialist, and whose new stream cannot be opened, comes to the assistant by ConversationRelay', async () => {
  const [lee] = await house.specialists(['Dr. Lee'], { onZero: true });
  const customer = house.customer();
  const call = customer.calls();
  await call.hearsAllOf(/How can I help you/);
  await call.presses('0#');
  await call.hears(/putting you through/);
  const leg = await lee!.answers();
  await leg.presses('1');
  await house.thread.belongsTo(customer, 'specialist');
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'stream' } });
  leg.hangsUp();
  await call.hearsAllOf(/Is there anything else/);
  house.model.next({ say: 'You are welcome.' });
  expect(await call.says('No, thank you.')).toBe('relay');
  await call.hearsAllOf(/You are welcome/);
  call.hangsUp();
  await house.expectQuiet();
});
