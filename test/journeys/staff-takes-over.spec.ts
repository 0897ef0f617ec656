import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a colleague types into the Conversation: the customer gets it once, the assistant is silent until the hand-back and knows what happened', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  await house.thread.types(customer, 'dana@clinic', 'Dana here, I will look after this.');
  await customer.expectsSms(/^Dana here/);
  await house.thread.belongsTo(customer, 'staff');
  customer.texts('Thank you! Is there parking?');
  await house.thread.has(customer, 'in: Thank you! Is there parking?');
  await house.thread.types(customer, 'dana@clinic', 'Yes, behind the house.');
  await customer.expectsSms(/^Yes, behind the house/);
  await house.settle();
  const before = house.model.turns().length;

  await house.thread.change(customer, { event: 'staff_handed_back' });
  await house.settle();
  expect(house.model.turns()).toHaveLength(before);
  customer.texts('When do you open?');
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
  const shown = house.model.turns().at(-1)!.body.messages.map((message) => String(message.content));
  expect(shown).toContain('Note: dana@clinic took over. The assistant is silent from here on.');
  expect(shown).toContain('[dana@clinic, staff] Yes, behind the house.');
  expect(shown).toContain('Note: dana@clinic handed back. The assistant speaks again from here on.');
});

test('a colleague who types while the assistant thinks has the word: the assistant\'s reply is dropped', async () => {
  const customer = house.customer();
  house.model.next(async () => {
    await house.thread.types(customer, 'dana@clinic', 'Dana here. We open at eight.');
    await house.thread.belongsTo(customer, 'staff');
    return [{ say: 'Nobody should hear this.' }];
  });
  customer.texts('When do you open?');
  await customer.expectsSms(/^Dana here/);
  await house.expectQuiet();
});

test('the webhook of a colleague\'s message that comes twice texts the customer once', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  house.twilio.fault({ kind: 'webhook-duplicate', copies: 4, match: { event: 'onMessageAdded' } });
  await house.thread.types(customer, 'dana@clinic', 'Good morning from Dana.');
  await customer.expectsSms(/Good morning from Dana/);
  await house.expectQuiet();
});

test('a question left open by a colleague is answered by the assistant at the hand-back', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  await house.thread.change(customer, { event: 'staff_took_over', staff: 'Dana' });
  customer.texts('When do you open?');
  await house.thread.has(customer, 'in: When do you open?');
  await house.settle();
  await house.thread.change(customer, { event: 'staff_handed_back' });
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
});

test('a question is answered at the second hand-back too, when the colleague came back before the assistant had an answer', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  await house.thread.change(customer, { event: 'staff_took_over', staff: 'Dana' });
  customer.texts('When do you open?');
  await house.thread.has(customer, 'in: When do you open?');
  await house.settle();
  const before = house.model.requests().length;
  house.model.next({ delayMs: 60_000, say: 'Nobody should hear this.' });
  await house.thread.change(customer, { event: 'staff_handed_back' });
  await house.model.received(before + 1);
  await house.thread.change(customer, { event: 'staff_took_over', staff: 'Dana' });
  await house.thread.change(customer, { event: 'staff_handed_back' });
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
});

test('the line with which the assistant hands off reaches the customer, although a colleague has taken over before it could be sent', async () => {
  const customer = house.customer();
  house.twilio.fault({ kind: '429', retryAfterS: 60, match: { method: 'POST', path: '/Messages.json' } });
  customer.texts('I want to talk to a real person.');
  await house.thread.stands(customer, 'retry_wait');
  await house.thread.change(customer, { event: 'staff_took_over', staff: 'Dana' });
  await house.forward('2m');
  await customer.expectsSms(/bringing in a colleague/);
  await house.thread.belongsTo(customer, 'staff');
  await house.expectQuiet();
});

test('a reply that Twilio was too busy for does not follow a colleague\'s words', async () => {
  const customer = house.customer();
  house.twilio.fault({ kind: '429', retryAfterS: 120, match: { method: 'POST', path: '/Messages.json' } });
  customer.texts('What are your opening hours?');
  await house.thread.stands(customer, 'retry_wait');
  await house.thread.types(customer, 'dana@clinic', 'Dana here. We are closed today.');
  await customer.expectsSms(/^Dana here/);
  await house.forward('130s');
  await house.expectQuiet();
  const reply = (await house.thread.messages(customer)).find((message) => message.authorKind === 'assistant');
  expect(reply).toMatchObject({ status: 'suppressed', errorMeaning: 'dana@clinic has written to the customer since' });
});

test('a reply waits for Twilio while a colleague looks in and hands back: the customer is answered all the same', async () => {
  const customer = house.customer();
  house.twilio.fault({ kind: '429', retryAfterS: 60, match: { method: 'POST', path: '/Messages.json' } });
  customer.texts('What are your opening hours?');
  await house.thread.stands(customer, 'retry_wait');
  await house.thread.change(customer, { event: 'staff_took_over', staff: 'Dana' });
  await house.thread.change(customer, { event: 'staff_handed_back' });
  await house.forward('2m');
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
});

test('a colleague types a last word and hands back; it is found when its webhook is lost, and the assistant keeps the word', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  await house.thread.types(customer, 'dana@clinic', 'Dana here.');
  await customer.expectsSms(/^Dana here/);
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'onMessageAdded' } });
  await house.thread.types(customer, 'dana@clinic', 'All done. Bye!');
  await house.thread.change(customer, { event: 'staff_handed_back' });
  await house.thread.belongsTo(customer, 'assistant');
  await house.forward('6m');
  await customer.expectsSms(/All done/);
  customer.texts('What are your opening hours?');
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
});
