import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const switchAssistant = (enabled: boolean): Promise<unknown> =>
  house.api('/tenant', { method: 'PATCH', body: { settings: { assistant: { enabled } } } });

test('who asks for a person is told that one will come, and the assistant says no more', async () => {
  const customer = house.customer();
  customer.texts('I want to talk to a real person.');
  await customer.expectsSms(/./);
  await house.thread.belongsTo(customer, 'queued');
  customer.texts('Hello? Anybody there?');
  await house.thread.has(customer, 'in: Hello? Anybody there?');
  await house.thread.change(customer, { event: 'closed' });
  await house.expectQuiet();
});

test('when nobody takes the conversation for a day, it goes back to the assistant, who answers what is open', async () => {
  const customer = house.customer();
  customer.texts('I want to talk to a real person.');
  await customer.expectsSms(/./);
  await house.thread.belongsTo(customer, 'queued');
  await house.forward('23h');
  await house.thread.belongsTo(customer, 'queued');
  house.model.next({ say: 'I am sorry that nobody could come to you. May I help meanwhile?' });
  await house.forward('1h');
  await customer.expectsSms(/sorry that nobody could come/);
  await house.thread.belongsTo(customer, 'assistant');
  await house.expectQuiet();
});

test('an assistant that can only hand off again says so once more and not every day from then on; the customer stays in the queue', async () => {
  const customer = house.customer();
  customer.texts('I want to talk to a real person.');
  await customer.expectsSms(/bringing in a colleague/);
  await house.forward('24h');
  await customer.expectsSms(/bringing in a colleague/);
  await house.thread.belongsTo(customer, 'queued');
  await house.forward('25h');
  await house.forward('24h');
  await house.settle();
  await house.thread.belongsTo(customer, 'queued');
  // A new question is a new reason to try.
  house.model.next({ say: 'We open at eight.' });
  customer.texts('When do you open?');
  await house.thread.has(customer, 'in: When do you open?');
  await house.forward('24h');
  await customer.expectsSms(/^We open at eight/);
  await house.thread.belongsTo(customer, 'assistant');
  await house.expectQuiet();
});

test('while the assistant is switched off nobody drops out of the queue; switched on, it answers what nobody took', async () => {
  const customer = house.customer();
  customer.texts('I want to talk to a real person.');
  await customer.expectsSms(/bringing in a colleague/);
  await switchAssistant(false);
  await house.forward('25h');
  await house.forward('25h');
  await house.settle();
  await house.thread.belongsTo(customer, 'queued');
  await switchAssistant(true);
  house.model.next({ say: 'May I help meanwhile?' });
  await house.forward('25h');
  await customer.expectsSms(/^May I help meanwhile/);
  await house.expectQuiet();
});

test('a colleague who falls silent for a day hands back by that', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  await house.thread.types(customer, 'dana@clinic', 'Dana here.');
  await customer.expectsSms(/Dana here/);
  customer.texts('When do you open?');
  await house.thread.has(customer, 'in: When do you open?');
  await house.forward('25h');
  await customer.expectsSms(/open Monday to Friday/);
  await house.thread.belongsTo(customer, 'assistant');
  await house.expectQuiet();
});

test('a colleague who took over and went home hands back by that, however often the customer writes meanwhile', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  await house.thread.types(customer, 'dana@clinic', 'Dana here.');
  await customer.expectsSms(/Dana here/);
  await house.forward('12h');
  await house.thread.types(customer, 'dana@clinic', 'I will look it up.');
  await customer.expectsSms(/look it up/);
  await house.forward('20h');
  await house.thread.belongsTo(customer, 'staff');
  customer.texts('When do you open?');
  await house.thread.has(customer, 'in: When do you open?');
  await house.forward('5h');
  await customer.expectsSms(/open Monday to Friday/);
  await house.thread.belongsTo(customer, 'assistant');
  await house.expectQuiet();
});

test('after 72 quiet hours a conversation closes; the next text opens it again and is answered with the old one in mind', async () => {
  const customer = house.customer();
  customer.texts('Hi, my name is Dana.');
  await customer.expectsSms(/./);
  await house.forward('71h');
  await house.thread.belongsTo(customer, 'assistant');
  await house.forward('2h');
  const { conversationSid } = await house.thread.belongsTo(customer, 'closed');
  customer.texts('What is my name?');
  await customer.expectsSms(/Dana/);
  expect(await house.thread.belongsTo(customer, 'assistant')).toMatchObject({ conversationSid });
  await house.expectQuiet();
});
