import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a colleague who takes over silences the assistant in the middle of a sentence, and the caller is told', async () => {
  const customer = house.customer();
  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ say: 'I am going to tell you something that takes a good while to be said in full.', betweenMs: 300 });
  await call.says('Tell me everything.');
  await call.hears(/^I am/);
  await house.thread.change(customer, { event: 'staff_took_over', staff: 'Dana' });
  await call.hears(/A colleague is looking after this/);
  await call.hearsBeep();
  expect(call.words().join(' ')).not.toMatch(/said in full/);
  call.hangsUp();
  await house.forward('4m');
  await house.expectQuiet();
  const again = customer.calls();
  await again.hearsBeep();
  again.hangsUp();
  await house.expectQuiet();
});

test('a caller who falls silent is asked whether they are there, and then the call ends with a goodbye that is said in full', async () => {
  await house.api('/tenant', { method: 'PATCH', body: { settings: { voice: { silenceSeconds: 2 } } } });
  const customer = house.customer();
  const call = customer.calls();
  await call.hears(/How can I help you/);
  await call.hears(/Are you still there/);
  house.model.next({ say: 'Good that you are.' });
  await call.says('Yes, I am.');
  await call.hearsAllOf(/Good that you are/);
  await call.hears(/Are you still there/);
  await call.hearsAllOf(/Goodbye\.$/);
  await call.isOver();
  await house.expectQuiet();
});
