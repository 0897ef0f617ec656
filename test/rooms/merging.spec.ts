import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { ContactsService } from '../../src/contacts/contacts.service.js';
import type { Merge } from '../../src/contacts/contacts.types.js';
import { ConversationsService } from '../../src/conversations/conversations.service.js';
import { MergingService } from '../../src/conversations/merging.service.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import { type Customer, DeliveryRoom } from './delivery.room.js';

let room: DeliveryRoom;
let merging: MergingService;
beforeAll(async () => {
  room = await DeliveryRoom.open();
  merging = room.service(MergingService);
});
afterAll(() => room.close());
beforeEach(() => room.clock.forward(60_000));

const idOf = async (customer: Customer): Promise<string> => (await customer.conversation()).contactId;
const merge = async (absorbed: Customer, surviving: Customer, tenantId = room.tenant.id): Promise<Merge> =>
  merging.merge(tenantId, { absorbedId: await idOf(absorbed), survivingId: await idOf(surviving), staff: 'Dana', reason: 'the same person' });
const undo = ({ id }: Merge, tenantId = room.tenant.id): Promise<Merge> => merging.undo(tenantId, id, 'Robin');
const lines = async (customer: Customer): Promise<string[]> =>
  (await customer.thread()).filter(({ direction }) => direction !== 'internal').map(({ direction, body }) => `${direction === 'inbound' ? 'in' : 'out'}: ${body}`);
const addresses = async (customer: Customer): Promise<string[]> =>
  (await room.service(ContactsService).contact(room.tenant.id, await idOf(customer))).addresses.map(({ channel, address }) => `${channel} ${address}`);
/** Somebody who has had an answer. */
async function answered(): Promise<Customer> {
  const customer = await room.customer();
  await customer.hears('Good day.');
  room.clock.forward(1_000);
  return customer;
}

test('the addresses change hands, what they write goes on in the surviving thread, the old thread keeps its messages and is closed', async () => {
  const [old, present] = [await answered(), await answered()];
  const done = await merge(old, present);
  expect(done).toMatchObject({ addressIds: [expect.any(String)], staff: 'Dana', reason: 'the same person', undoneAt: null });
  await old.writes('It is me again');
  await old.writes('Now on WhatsApp', 'whatsapp');
  expect(await lines(present)).toEqual(['in: Hello', 'out: Good day.', 'in: It is me again', 'in: Now on WhatsApp']);
  expect(await lines(old)).toEqual(['in: Hello', 'out: Good day.']);
  expect(await old.conversation()).toMatchObject({ owner: 'closed', mergedInto: await idOf(present) });
  expect(await present.conversation()).toMatchObject({ owner: 'assistant', replyChannel: 'whatsapp', replyAddress: old.address });
  expect(await old.ownerBecause()).toBe(`merged by Dana into contact ${await idOf(present)}`);
  expect((await addresses(present)).sort()).toEqual([`sms ${old.address}`, `sms ${present.address}`, `whatsapp ${old.address}`].sort());
  const timeline = await merging.timeline(room.tenant.id, await idOf(present), null, 100);
  expect(timeline.filter(({ direction }) => direction === 'inbound').map(({ conversationSid, body }) => [conversationSid, body]))
    .toEqual([[old.sid, 'Hello'], [present.sid, 'Hello'], [present.sid, 'It is me again'], [present.sid, 'Now on WhatsApp']]);
  const [first, second] = await merging.timeline(room.tenant.id, await idOf(present), null, 2);
  expect([first!, second!, ...(await merging.timeline(room.tenant.id, await idOf(present), second!.id, 100))].map(({ id }) => id)).toEqual(timeline.map(({ id }) => id));
});

test('undone, everything goes back: the addresses, those that came since, the thread of each, and where answers go', async () => {
  const [old, present] = [await answered(), await answered()];
  const done = await merge(old, present);
  await old.writes('By WhatsApp', 'whatsapp');
  const { epoch } = await present.conversation();
  expect(await undo(done)).toMatchObject({ id: done.id, undoneBy: 'Robin' });
  expect([await addresses(present), await addresses(old)]).toEqual([[`sms ${present.address}`], [`sms ${old.address}`, `whatsapp ${old.address}`]]);
  await old.writes('My own thread', 'whatsapp');
  expect((await lines(old)).at(-1)).toBe('in: My own thread');
  expect(await old.conversation()).toMatchObject({ owner: 'assistant', mergedInto: null });
  // What was being thought of for the one is not said to the other.
  expect(await present.conversation()).toMatchObject({ owner: 'queued', epoch: epoch + 1, replyChannel: 'sms', replyAddress: present.address });
  expect(await lines(present)).toEqual(['in: Hello', 'out: Good day.', 'in: By WhatsApp']);
});

test.each([['new', false], ['known before', true]])('undone, a user name that was first seen beside a %s number goes back with it', async (_which, before) => {
  const [old, present] = [await answered(), await answered()];
  if (before) await old.writes('By WhatsApp', 'whatsapp');
  const done = await merge(old, present);
  const name = `US.${old.address.slice(1)}`;
  await old.writes('With a name', 'whatsapp', { alsoKnownAs: name });
  await undo(done);
  expect((await addresses(old)).sort()).toEqual([`sms ${old.address}`, `whatsapp ${name}`, `whatsapp ${old.address}`].sort());
  expect(await addresses(present)).toEqual([`sms ${present.address}`]);
  await room.service(ConversationsService).receive(room.tenant, {
    providerSid: `SM${name}`, channel: 'whatsapp', address: name, sender: '+15550000001', body: 'Only the name', media: [], receivedAt: room.clock.now(),
  });
  expect([(await lines(old)).at(-1), (await lines(present)).at(-1)]).toEqual(['in: Only the name', 'in: With a name']);
});

test('the same merge twice, also at once, is one; so is its undoing; then they may be merged again', async () => {
  const [old, present] = [await answered(), await answered()];
  const merges = await Promise.all(Array.from({ length: 4 }, () => merge(old, present)));
  expect(new Set(merges.map(({ id }) => id)).size).toBe(1);
  const undone = await Promise.all(Array.from({ length: 4 }, () => undo(merges[0]!)));
  expect(new Set(undone.map(({ undoneAt }) => undoneAt?.getTime())).size).toBe(1);
  expect((await merge(present, old)).id).not.toBe(merges[0]!.id);
  expect(await undo(merges[0]!)).toMatchObject({ undoneBy: 'Robin' });
  expect(await addresses(present)).toEqual([]);
});

test('two colleagues who merge each way at once: one of them does', async () => {
  const [one, other] = [await answered(), await answered()];
  const [first, second] = await Promise.allSettled([merge(one, other), merge(other, one)]);
  expect([first!.status, second!.status].sort()).toEqual(['fulfilled', 'rejected']);
  expect([first, second].find(({ status }) => status === 'rejected')).toMatchObject({ reason: { kind: 'conflict', code: 'merged_already' } });
});

test('what is merged cannot be merged elsewhere, and a chain is undone from its end', async () => {
  const [a, b, c] = [await answered(), await answered(), await answered()];
  const first = await merge(a, b);
  await expect(merge(a, c)).rejects.toMatchObject({ code: 'merged_already' });
  await expect(merge(c, a)).rejects.toMatchObject({ code: 'merged_already' });
  await expect(merge(a, a)).rejects.toMatchObject({ kind: 'invalid' });
  const second = await merge(b, c);
  await a.writes('From far');
  expect((await lines(c)).at(-1)).toBe('in: From far');
  await expect(undo(first)).rejects.toMatchObject({ code: 'merged_since' });
  await undo(second);
  await undo(first);
  for (const customer of [a, b, c]) expect(await addresses(customer)).toEqual([`sms ${customer.address}`]);
});

test('texts that arrive while contacts are merged, undone and merged again land in exactly one thread each', async () => {
  const [old, present] = [await answered(), await answered()];
  const texts = Array.from({ length: 30 }, (_, n) => `text ${n}`);
  const toAndFro = async (): Promise<void> => {
    for (let n = 0; n < 4; n++) await undo(await merge(old, present));
    await merge(old, present);
  };
  await Promise.all([toAndFro(), ...texts.map((body, n) => old.writes(body, (['sms', 'whatsapp', 'rcs'] as const)[n % 3]))]);
  const landed = [...(await old.thread()), ...(await present.thread())].flatMap(({ body }) => (body.startsWith('text') ? [body] : []));
  expect(landed.sort()).toEqual(texts.toSorted());
  expect(await room.rows('select 1 from inbox where done_at is null')).toEqual([]);
});

test('a colleague who had the word in one has it in both; a question that was open is put before people', async () => {
  const [withDana, quiet, asking, other] = [await answered(), await answered(), await room.customer(), await answered()];
  await withDana.owner('staff_took_over');
  await merge(withDana, quiet);
  expect(await quiet.conversation()).toMatchObject({ owner: 'staff', staff: 'Dana' });
  await merge(asking, other);
  expect(await other.conversation()).toMatchObject({ owner: 'queued' });
  expect(await other.ownerBecause()).toBe(`merged by Dana: ${asking.sid} belonged to assistant, with a question open`);
});

test('nobody speaks in a thread that was merged: through the API it is refused, typed there it is noted and not sent', async () => {
  const [old, present] = [await answered(), await answered()];
  await merge(old, present);
  await expect(old.hearsDana('Hello?')).rejects.toMatchObject({ kind: 'conflict', code: 'merged' });
  await expect(old.owner('staff_took_over')).rejects.toMatchObject({ code: 'merged' });
  const typed = { conversationSid: old.sid, mirrorSid: `IM${old.sid}`, author: 'dana@clinic.example', body: 'Hello?', mediaTypes: [], writtenAt: room.clock.now() };
  for (const fresh of [true, false]) expect(await room.conversations.receiveFromConversation(room.tenant.id, typed)).toBe(fresh);
  const notes = (await old.thread()).filter(({ direction }) => direction === 'internal').map(({ body, mirrorState }) => [mirrorState, body]);
  expect(notes).toEqual([
    ['origin', 'dana@clinic.example wrote in this Conversation after it was merged. It was not sent to the customer: Hello?'],
    ['pending', `The message of dana@clinic.example was not sent: this conversation was merged. The customer is to be found in ${present.sid}.`],
  ]);
});

test('a contact whose first text still waits for its Conversation can go into another one, but not the other way round', async () => {
  const present = await answered();
  const address = '+15559990001';
  const stored = await room.conversations.receive(room.tenant, {
    providerSid: 'SM-early', channel: 'sms', address, sender: '+15550000001', body: 'Early', media: [], receivedAt: room.clock.now(),
  });
  const contact = await room.database.transaction(room.tenant.id, (tx) => room.service(ContactsService).findOrCreate(tx, { channel: 'sms', address }));
  const into = (absorbedId: string, survivingId: string): Promise<Merge> => merging.merge(room.tenant.id, { absorbedId, survivingId, staff: 'Dana', reason: null });
  await expect(into(await idOf(present), contact.id)).rejects.toMatchObject({ kind: 'conflict', code: 'not_possible_now' });
  expect(await present.conversation()).toMatchObject({ owner: 'assistant', mergedInto: null });
  await into(contact.id, await idOf(present));
  if (stored.outcome === 'stored') await room.receive().receiveKept(room.tenant, stored.inboxId, 'CH99999999999999999999999999999999');
  expect((await lines(present)).at(-1)).toBe('in: Early');
});

test('another tenant can neither merge nor undo, and learns nothing', async () => {
  const [old, present] = [await answered(), await answered()];
  const stranger = await room.service(TenancyService).addTenant('Oak', {});
  await expect(merge(old, present, stranger.id)).rejects.toMatchObject({ kind: 'not_found' });
  const done = await merge(old, present);
  await expect(undo(done, stranger.id)).rejects.toMatchObject({ kind: 'not_found' });
  await expect(merging.timeline(stranger.id, await idOf(present), null, 10)).rejects.toMatchObject({ kind: 'not_found' });
  await expect(undo({ ...done, id: uuidv7(1) })).rejects.toMatchObject({ kind: 'not_found' });
  await expect(undo({ ...done, id: '1' })).rejects.toMatchObject({ kind: 'not_found' });
});
