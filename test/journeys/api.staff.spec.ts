import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Customer } from '../harness/customer.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
let customer: Customer;
let conversation: string;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

interface Answer {
  status: number;
  body: { id: string; code: string; seq: number; owner: string; staff: string | null; epoch: number };
}

const post = async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
  const answer = await house.call(`/conversations/${conversation}/${path}`, { method: 'POST', body, headers });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
};
const decide = (event: string): Promise<Answer> => post('owner', { event, staff: 'Dana' });

async function aConversation(): Promise<void> {
  customer = house.customer();
  customer.texts('What are your opening hours?');
  await customer.expectsSms(/Monday/);
  await house.settle();
  conversation = (await house.thread.conversation(customer)).conversationSid;
}

test('a staff member writes through the API: the customer reads it, the Conversation holds it, the assistant is silent', async () => {
  await aConversation();
  const { status, body } = await post('messages', { body: 'Dana here, I have moved your appointment.', staff: 'Dana' });
  expect([status, body]).toEqual([201, expect.objectContaining({ direction: 'outbound', authorKind: 'staff', author: 'Dana', channel: 'sms' })]);
  await customer.expectsSms(/^Dana here/);
  customer.texts('Thank you. What are your opening hours?');
  await house.expectQuiet();
  expect(await house.thread.conversation(customer)).toMatchObject({ owner: 'staff', staff: 'Dana' });
  expect((await house.thread.mirrored(customer)).slice(-2)).toEqual([
    'Dana: Dana here, I have moved your appointment.', `sms:${customer.address}: Thank you. What are your opening hours?`,
  ]);
});

test('the same key five times at once is one message; with other words it is refused', async () => {
  await aConversation();
  const words = { body: 'Your X-ray is ready.', staff: 'Dana' };
  const answers = await Promise.all(Array.from({ length: 5 }, () => post('messages', words, { 'Idempotency-Key': 'x-ray-7' })));
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
  expect(await post('messages', { ...words, body: 'Another one.' }, { 'Idempotency-Key': 'x-ray-7' })).toMatchObject({ status: 409, body: { code: 'key_used' } });
  await customer.expectsSms(/^Your X-ray is ready\.$/);
  await house.expectQuiet();
  const first = conversation;
  await aConversation();
  expect(await post('messages', words, { 'Idempotency-Key': 'x-ray-7' })).toMatchObject({ status: 201 });
  expect(conversation).not.toBe(first);
  await customer.expectsSms(/^Your X-ray is ready\.$/);
  await house.expectQuiet();
});

test('taking over, handing back and closing: what does not follow from the present owner is refused', async () => {
  await aConversation();
  expect(await decide('staff_handed_back')).toMatchObject({ status: 409, body: { code: 'not_possible_now' } });
  expect(await decide('staff_took_over')).toMatchObject({ status: 200, body: { owner: 'staff', staff: 'Dana', epoch: 1 } });
  expect(await decide('staff_took_over')).toMatchObject({ status: 409 });
  expect(await decide('staff_handed_back')).toMatchObject({ status: 200, body: { owner: 'assistant', staff: null, epoch: 2 } });
  expect(await decide('closed')).toMatchObject({ status: 200, body: { owner: 'closed' } });
  expect(await decide('closed')).toMatchObject({ status: 409 });
  expect(await post('owner', { event: 'idle' })).toMatchObject({ status: 400 });
  await house.expectQuiet();
  const { items } = await house.api<{ items: { machine: string; from: string; to: string; cause: string }[] }>(`/conversations/${conversation}/transitions`);
  expect(items.filter(({ machine }) => machine === 'ownership').map(({ from, to, cause }) => `${from} > ${to}: ${cause}`)).toEqual([
    'assistant > staff: Dana, through the API', 'staff > assistant: Dana, through the API', 'assistant > closed: Dana, through the API',
  ]);
});
