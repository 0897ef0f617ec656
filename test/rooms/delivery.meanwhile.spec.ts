import { Database } from '@throughline/database/database.js';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { SpokenService } from '../../src/conversations/spoken.service.js';
import { busy, type Customer, DeliveryRoom } from './delivery.room.js';

let room: DeliveryRoom;
beforeAll(async () => {
  room = await DeliveryRoom.open();
});
afterAll(() => room.close());
beforeEach(() => room.anew());

const types = (customer: Customer, mirrorSid: string, body: string, writtenAt: Date): Promise<boolean> =>
  room.conversations.receiveFromConversation(room.tenant.id, { conversationSid: customer.sid, mirrorSid, author: 'dana@clinic', body, mediaTypes: [], writtenAt });

test('what the house itself says does not overtake what the assistant has said', async () => {
  const customer = await room.customer();
  const reply = await customer.hears('I have alerted the colleague on call.');
  room.provider.failures.push(busy());
  await room.send(reply);
  room.provider.asked.length = 0;
  await room.service(Database).transaction(room.tenant.id, (tx) => room.service(SpokenService).tells(tx, {
    conversationSid: customer.sid, body: 'Dana has taken it and will call you.', key: '00000000-0000-7000-8000-00000000000a', textFrom: null,
  }));
  const told = (await customer.thread()).find(({ authorKind }) => authorKind === 'system')!;
  await room.send(told.id);
  room.clock.forward(5_000);
  await room.send(reply);
  await room.send(told.id);
  expect(room.provider.asked).toEqual(['I have alerted the colleague on call.', 'Dana has taken it and will call you.']);
});

test('a reply is lost after the customer has asked the next thing: the assistant keeps the word, and answers that', async () => {
  const customer = await room.customer();
  const reply = await customer.hears('We open at eight.');
  await room.send(reply);
  room.clock.forward(5_000);
  await customer.writes('And on Sunday?');
  await customer.receipt(reply, 'undelivered', 30_007);
  expect((await customer.conversation()).owner).toBe('assistant');
  await room.send(await customer.hears('On Sunday we are closed.'));
  expect(room.provider.asked.at(-1)).toBe('On Sunday we are closed.');
});

test('what a colleague wrote before they handed back, and we hear of after it, goes out and takes nothing back; what they write later does', async () => {
  const customer = await room.customer();
  await types(customer, 'IM-back-1', 'Dana here.', room.clock.now());
  room.clock.forward(60_000);
  const writtenAt = room.clock.now();
  room.clock.forward(1_000);
  await customer.owner('staff_handed_back');
  room.clock.forward(2_000);
  await types(customer, 'IM-back-2', 'Your folder is here. Bye!', writtenAt);
  expect((await customer.thread()).filter(({ status }) => status === 'pending').map(({ body }) => body)).toEqual(['Dana here.', 'Your folder is here. Bye!']);
  expect((await customer.conversation()).owner).toBe('assistant');
  await types(customer, 'IM-back-3', 'One more thing.', room.clock.now());
  expect((await customer.conversation()).owner).toBe('staff');
});

test('a sender goes on after a clock that was an hour ahead for a moment', async () => {
  const customer = await room.customer();
  (room.provider as { messagesPerSecond: number }).messagesPerSecond = 1;
  room.clock.forward(3_600_000);
  await room.send(await customer.hears('From the future.'));
  room.clock.forward(-3_600_000);
  const words = ['One', 'Two', 'Three', 'Four'];
  const ids: string[] = [];
  for (const word of words) ids.push(await customer.hears(word));
  for (const id of ids) await room.send(id);
  room.clock.forward(60_000);
  await room.send(ids.at(-1)!);
  (room.provider as { messagesPerSecond: number }).messagesPerSecond = 1_000;
  expect(room.provider.asked).toEqual(['From the future.', ...words]);
});

test.each([['rcs', 'sms'], ['sms', 'rcs']] as const)('STOP by %s: neither the reply that is on its way by %s to the same phone goes out, nor the next words of a colleague; START there brings them back', async (stop, own) => {
  const sender = { sms: '+15550000001', rcs: 'elm_clinic' };
  for (const channel of ['sms', 'rcs'] as const) await room.tenancy.addSender(room.tenant.id, { channel, address: sender[channel], origin: 'api' }).catch(() => undefined);
  const customer = await room.customer(own);
  const writes = async (channel: 'sms' | 'rcs', body: string): Promise<void> => {
    const heard = { providerSid: `SM-${stop}-${channel}-${body}`, channel, address: customer.address, sender: sender[channel], body, media: [], receivedAt: room.clock.now() };
    const outcome = await room.conversations.receive(room.tenant, heard);
    if (outcome.outcome === 'stored') await room.receive().receiveKept(room.tenant, outcome.inboxId, customer.sid);
  };
  await writes(own, 'When do you open?');
  const reply = await customer.hears('At eight.');
  room.clock.forward(1_000);
  await writes(stop, 'STOP');
  await writes(own, 'Hello?');
  await room.send(reply);
  await room.send(await customer.hearsDana('And we have an offer.'));
  expect(room.provider.asked).toEqual([]);
  room.clock.forward(1_000);
  await writes(own, 'START');
  await room.send(await customer.hearsDana('Welcome back.'));
  expect(room.provider.asked).toEqual(['Welcome back.']);
});
