import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Database } from '@throughline/database/database.js';
import { TwilioFailure } from '@throughline/twilio/errors.js';
import { type Customer, DeliveryRoom, optedOut } from './delivery.room.js';

const OURS = '+15550000001';

let room: DeliveryRoom;
let customer: Customer;
let said: string;
beforeAll(async () => {
  room = await DeliveryRoom.open();
  for (const channel of ['sms', 'rcs', 'whatsapp'] as const) await room.tenancy.addSender(room.tenant.id, { channel, address: OURS, origin: 'api' });
});
afterAll(() => room.close());
/** Somebody who wrote by RCS, and whose answer did not reach them there. */
beforeEach(async () => {
  room.provider.sent.length = 0;
  customer = await room.customer('rcs');
  said = await customer.hears('Good morning');
  await room.send(said);
  await customer.receipt(said, 'undelivered', 63_036);
});

const ways = (): string[] => room.provider.sent.map(({ channel }) => channel);
const firstSid = async (): Promise<string> => (await customer.deliveryOf(said)).retiredSids[0]!;
const via = async () => (await customer.thread()).find(({ id }) => id === said)!.via;
const causes = async (): Promise<string[]> => (await room.conversations.transitions(room.tenant.id, customer.sid, null, 100)).map(({ cause }) => cause);

test('it falls to a text, in the same transaction as its failure; the next run sends it, the one after that nothing', async () => {
  expect((await customer.stands(said)).status).toBe('retry_wait');
  await room.send(said);
  await room.send(said);
  expect([ways(), (await via())?.channel]).toEqual([['rcs', 'sms'], 'sms']);
  expect(await causes()).toEqual(expect.arrayContaining([`attempt 2 by sms: ${customer.address} could not be reached by RCS`]));
});

test('a receipt without a number of Twilio\'s that says that there is nobody: it falls as well, and the history has its words', async () => {
  const other = await room.customer('whatsapp');
  const message = await other.hears('Good morning');
  await room.send(message);
  const { id, providerSid } = await other.deliveryOf(message);
  const receipt = { providerSid: providerSid!, status: 'undelivered', errorCode: null, meaning: 'Nobody lives there', class: 'fallback' } as const;
  await room.delivery.recordReceipt(room.tenant.id, id, receipt);
  await room.delivery.recordReceipt(room.tenant.id, id, receipt);
  expect(await other.stands(message)).toEqual({ status: 'retry_wait', why: 'Nobody lives there' });
  await room.send(message);
  expect(ways()).toEqual(['rcs', 'whatsapp', 'sms']);
});

test('it arrives after all before anything else was sent: nothing else is', async () => {
  await customer.receipt(said, 'delivered', null, await firstSid());
  await room.send(said);
  expect([ways(), await customer.stands(said), await via()]).toEqual([['rcs'], { status: 'delivered', why: null }, null]);
});

test('it arrives after all beside the text: the history says so, and when the text then fails, the message has not', async () => {
  await room.send(said);
  await customer.receipt(said, 'delivered', null, await firstSid());
  await customer.receipt(said, 'delivered', null, await firstSid());
  expect((await causes()).filter((cause) => cause.includes('after all'))).toHaveLength(1);
  expect((await via())?.channel).toBe('sms');
  await customer.receipt(said, 'undelivered', 30_007);
  expect([await customer.stands(said), await via(), (await customer.conversation()).owner]).toEqual([{ status: 'delivered', why: null }, null, 'assistant']);
});

test('nothing is left: the failure stands as it is, and people are told', async () => {
  await room.send(said);
  await customer.receipt(said, 'undelivered', 30_005);
  expect([ways(), (await customer.stands(said)).status, (await customer.conversation()).owner]).toEqual([['rcs', 'sms'], 'undelivered', 'queued']);
});

test('they opted out of the text at Twilio: there is no third way, and nobody is told that they want nothing', async () => {
  room.provider.failures.push(optedOut());
  for (let again: unknown = true; again; ) again = await room.send(said);
  expect([ways(), (await customer.stands(said)).status, (await customer.conversation()).owner]).toEqual([['rcs', 'sms'], 'suppressed', 'assistant']);
});

test('a long message: what did not carry the first part is not tried with the second one', async () => {
  await room.send(said);
  room.provider.sent.length = 0;
  const long = await customer.hears('A sentence of many words. '.repeat(6));
  room.provider.failures.push(new TwilioFailure(63_036, 400, 'fallback', 'no RCS', { cause: undefined }));
  for (let again: unknown = true; again; ) again = await room.send(long);
  expect(room.provider.sent.map(({ channel, part }) => `${channel} ${part}`)).toEqual(['rcs 1', 'sms 1', 'sms 2']);
});

test('erased: neither the addresses that it was tried at nor those that were ruled out stay', async () => {
  await room.send(said);
  await room.service(Database).transaction(room.tenant.id, (tx) => room.delivery.erase(tx, customer.sid));
  const [row] = await room.rows('select address, ruled_out, retired from deliveries where message_id = $1', [said]);
  expect(row).toEqual({ address: '', ruled_out: [], retired: [] });
});
