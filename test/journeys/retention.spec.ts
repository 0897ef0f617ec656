import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Customer } from '../harness/customer.js';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const keeps = (retention: Record<string, number | null>): Promise<unknown> => house.api('/tenant', { method: 'PATCH', body: { settings: { retention } } });
const texts = async (customer: Customer, body: string, answer: RegExp): Promise<void> => {
  customer.texts(body);
  await customer.expectsSms(answer);
  await house.settle();
};

test('words older than the tenant keeps them go, here and at Twilio; their places and what is newer stay', async () => {
  await keeps({ messagesDays: 30, factsDays: 45 });
  const customer = house.customer();
  await texts(customer, 'Please remember that I prefer mornings.', /I will remember that/);
  await house.forward('20d');
  await texts(customer, 'What are your opening hours?', /open Monday to Friday/);
  await house.forward('15d');
  await eventually('the old words to be gone', async () => (await house.thread.messages(customer)).slice(0, 2).every(({ body }) => body === ''));
  await house.settle();
  expect(await house.thread.lines(customer)).toEqual(['in: ', 'out: ', 'in: What are your opening hours?', expect.stringMatching(/^out: We are open/)]);
  expect(await house.thread.mirrored(customer)).toEqual([`sms:${customer.address}: What are your opening hours?`, expect.stringMatching(/^assistant: We are open/)]);
  const removed = house.twilio.requests().filter(({ method, path }) => method === 'DELETE' && path.includes('/Messages/SM'));
  expect(removed).toHaveLength(2);
  expect(await house.database.query(`select 1 from deliveries where body like '%remember%' union all select 1 from tool_calls where arguments::text like '%mornings%'`)).toEqual([]);
  await texts(customer, 'What do you know about me?', /you prefer mornings/);
  await house.forward('15d');
  await eventually('the fact to be gone', async () => (await house.database.query('select 1 from facts')).length === 0);
  await texts(customer, 'What do you know about me?', /nothing about you yet/);
  await house.expectQuiet();
});

test('a contact from whom nothing was heard for long is erased altogether, and where nothing is set all is kept', async () => {
  await keeps({ messagesDays: null, factsDays: null });
  const customer = house.customer();
  await texts(customer, 'What are your opening hours?', /open Monday to Friday/);
  const { conversationSid } = await house.thread.conversation(customer);
  await house.forward('100d');
  await house.settle();
  expect((await house.thread.lines(customer))[0]).toBe('in: What are your opening hours?');
  await keeps({ idleContactsDays: 60 });
  await house.forward('25h');
  await eventually('the contact to be gone', async () => (await house.thread.conversations(customer)).length === 0);
  await house.forward('3m');
  await eventually('the Conversation to be gone', async () => {
    const [erasure] = await house.database.query<{ state: string }>('select state from erasures where conversation_sid = $1', [conversationSid]);
    return erasure?.state === 'done';
  });
  expect(() => house.twilio.conversation(conversationSid)).toThrow();
  await house.expectQuiet();
});
