import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a model that writes too much for a text is asked to say it shorter, and what it says then is sent', async () => {
  house.model.next({ say: `We open at **eight**. ${'And so on. '.repeat(60)}` });
  house.model.next(({ system }) => [{ say: system.includes('this channel takes 459') ? 'We open at *eight*. Shall I tell you more?' : 'What?' }]);
  const customer = house.customer();
  customer.texts('When do you open?');
  expect(await customer.expectsSms(/./)).toBe('We open at eight. Shall I tell you more?');
  expect(await house.thread.lines(customer)).toHaveLength(2);
  await house.expectQuiet();
});

test('a model that cannot make it shorter is heard all the same', async () => {
  const long = `We open at eight. ${'And so on. '.repeat(60)}`.trim();
  house.model.next({ say: long });
  house.model.next({ fail: 400 });
  const customer = house.customer();
  customer.texts('When do you open?');
  expect(await customer.expectsSms(/./)).toBe(long);
  await house.expectQuiet();
});

test('a reply of 3,000 characters arrives as a few texts in order, cut between sentences, and is one message in thread and Conversation', async () => {
  const sentences = Array.from({ length: 60 }, (_, index) => `This is sentence number ${index} of a long reply.`);
  const reply = sentences.join(' ');
  house.model.next({ say: reply });
  house.model.next({ say: reply });
  const customer = house.customer();
  customer.texts('Tell me everything.');
  await house.thread.stands(customer, 'delivered');
  const parts = customer.inbox().map((text) => text.body);
  for (const part of parts) await customer.expectsSms(new RegExp(`^${part.slice(0, 40)}`));
  await house.expectQuiet();

  expect(parts.length).toBeGreaterThan(1);
  expect(parts.every((part) => part.startsWith('This is') && part.endsWith('long reply.'))).toBe(true);
  expect(parts.join(' ')).toBe(reply);
  expect(await house.thread.lines(customer)).toEqual(['in: Tell me everything.', `out: ${reply}`]);
  expect((await house.thread.mirrored(customer)).slice(1).map((line) => line.replace(/^assistant: /, '')).join('')).toBe(reply);
});

test('when a part is refused, the parts behind it stay: half a message is worse than none', async () => {
  const customer = house.customer().hasPhone('rejected:21211');
  for (const _ of ['as it is', 'shorter']) house.model.next({ say: 'Many words make a long reply. '.repeat(100) });
  customer.texts('Tell me everything.');
  expect(await house.thread.stands(customer, 'failed')).toMatchObject({ errorCode: 21211 });
  await house.settle();
  const states = (await house.thread.deliveries(customer)).map((delivery) => delivery.state);
  expect([states[0], new Set(states.slice(1))]).toEqual(['failed', new Set(['suppressed'])]);
  await house.expectQuiet();
});
