import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Customer } from '../harness/customer.js';
import { type House, openHouse } from '../harness/house.js';
import { post, signed } from '../harness/webhook.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const ERRORS: Record<string, string> = { failed: '30008', undelivered: '30003' };

test('all 24 orders of queued, sent, delivered and failed end as delivered, because somebody has the text', async () => {
  expect(await endings(['queued', 'sent', 'delivered', 'failed'])).toEqual(Array.from({ length: 24 }, () => ['delivered', null]));
  await house.expectQuiet();
});

test('all orders of sent, failed and undelivered end as undelivered, with its code', async () => {
  expect(await endings(['sent', 'failed', 'undelivered'])).toEqual(Array.from({ length: 6 }, () => ['undelivered', 30003]));
  await house.expectQuiet();
});

test('a receipt that came already, or that belongs to another message, changes nothing', async () => {
  const customer = await withoutReceipt();
  await receipt(customer, 'delivered');
  await house.thread.isMirrored(customer);
  const before = await house.thread.messages(customer);
  for (const status of ['delivered', 'sent', 'queued']) await receipt(customer, status);
  await receipt(customer, 'read', `SM${'0'.repeat(32)}`);
  expect(await house.thread.messages(customer)).toEqual(before);
  await house.expectQuiet();
});

/** One customer for each order of these receipts. */
async function endings(statuses: string[]): Promise<unknown[]> {
  const ends: unknown[] = [];
  for (const order of permutations(statuses)) {
    const customer = await withoutReceipt();
    for (const status of order) await receipt(customer, status);
    const reply = (await house.thread.messages(customer)).at(-1)!;
    ends.push([reply.status, reply.errorCode]);
  }
  return ends;
}

async function withoutReceipt(): Promise<Customer> {
  const customer = house.customer().hasPhone('silent');
  customer.texts('Hello');
  await customer.expectsSms(/./);
  await house.thread.stands(customer, 'sent');
  return customer;
}

async function receipt(customer: Customer, status: string, sid = customer.inbox()[0]!.sid): Promise<void> {
  const { params } = house.twilio.requests().find((request) => request.method === 'POST' && request.params['To'] === customer.address)!;
  const path = String(params['StatusCallback']).slice(house.url.length);
  const error: Record<string, string> = ERRORS[status] ? { ErrorCode: ERRORS[status] } : {};
  const told = { AccountSid: house.account.sid, MessageSid: sid, MessageStatus: status, To: customer.address, ...error };
  expect(await post(signed(house, path, told))).toBe(204);
}

function permutations(all: string[]): string[][] {
  if (all.length === 0) return [[]];
  return all.flatMap((one) => permutations(all.filter((other) => other !== one)).map((rest) => [one, ...rest]));
}
