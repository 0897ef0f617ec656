import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { ConsentsService } from '../../src/contacts/consents.service.js';
import { ContactsService } from '../../src/contacts/contacts.service.js';
import type { Consent, NewConsent } from '../../src/contacts/contacts.types.js';
import { MergingService } from '../../src/conversations/merging.service.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import { type Customer, DeliveryRoom } from './delivery.room.js';

const HOUR = 3_600_000;

let room: DeliveryRoom;
let consents: ConsentsService;
beforeAll(async () => {
  room = await DeliveryRoom.open();
  consents = room.service(ConsentsService);
});
afterAll(() => room.close());
beforeEach(() => room.anew());

const contactOf = async (customer: Customer): Promise<{ id: string; addressId: string }> => {
  const { contactId } = await customer.conversation();
  const { addresses } = await room.service(ContactsService).contact(room.tenant.id, contactId);
  return { id: contactId, addressId: addresses[0]!.id };
};

async function note(customer: Customer, change: Partial<NewConsent> = {}): Promise<Consent> {
  const { id, addressId } = await contactOf(customer);
  return consents.record(room.tenant.id, id, {
    addressId, purpose: 'marketing', state: 'opted_in', source: 'form', wording: 'Yes, send me your offers by text.', evidence: 'form 12', recordedBy: 'Dana', ...change,
  });
}

const ledger = async (customer: Customer): Promise<{ current: Consent[]; items: Consent[] }> =>
  consents.history(room.tenant.id, (await contactOf(customer)).id, null, 100);

/** What becomes of the assistant's next words when they are for this purpose. */
async function goesOut(customer: Customer, purpose: string): Promise<{ status: string; why: string | null }> {
  const id = await customer.hears(`About ${purpose}.`);
  await room.rows('update messages set purpose = $2 where id = $1', [id, purpose]);
  await room.send(id);
  return customer.stands(id);
}

test('STOP and START are entries with the words, the message and the time; a repeated webhook adds none', async () => {
  const customer = await room.customer();
  await customer.writes('STOP');
  room.clock.forward(HOUR);
  await customer.writes(' Start');
  const { current, items } = await ledger(customer);
  const thread = await customer.thread();
  expect(items).toEqual([
    expect.objectContaining({ purpose: 'everything', state: 'opted_out', source: 'keyword', wording: 'STOP', messageId: thread[1]!.id, evidence: thread[1]!.providerSid }),
    expect.objectContaining({ purpose: 'everything', state: 'opted_in', source: 'keyword', wording: ' Start', messageId: thread[2]!.id, sender: '+15550000001' }),
  ]);
  expect(current).toEqual([items[1]]);
});

test('a purpose that nobody agreed to is withheld, with the cause; what a colleague noted opens it, a STOP closes it', async () => {
  const customer = await room.customer();
  expect(await goesOut(customer, 'marketing')).toEqual({ status: 'suppressed', why: `${customer.address} has not agreed to marketing from +15550000001` });
  await note(customer);
  expect((await goesOut(customer, 'marketing')).status).toBe('sent');
  expect((await goesOut(customer, 'alerts')).status).toBe('suppressed');
  await note(customer, { state: 'opted_out', source: 'staff', wording: 'No more offers, please.' });
  expect(await goesOut(customer, 'marketing')).toEqual({ status: 'suppressed', why: `${customer.address} has opted out of marketing from +15550000001` });
  expect((await goesOut(customer, 'service')).status).toBe('sent');
  await note(customer, { purpose: 'everything', state: 'opted_out', wording: 'Never again.' });
  expect(await goesOut(customer, 'service')).toEqual({ status: 'suppressed', why: `${customer.address} has opted out of messages from +15550000001` });
});

test('the same key twice is one entry, also at once; with other words it is refused', async () => {
  const customer = await room.customer();
  const noted = await Promise.all(Array.from({ length: 5 }, () => note(customer, { key: 'form-12' })));
  expect(new Set(noted.map(({ id }) => id)).size).toBe(1);
  room.clock.forward(HOUR);
  expect(await note(customer, { key: 'form-12' })).toEqual(noted[0]);
  await expect(note(customer, { key: 'form-12', wording: 'Something else.' })).rejects.toMatchObject({ kind: 'conflict', code: 'key_used' });
  expect((await ledger(customer)).items).toHaveLength(1);
});

test('what was said before a STOP and is noted after it undoes nothing; what has not happened yet is refused', async () => {
  const customer = await room.customer();
  const before = room.clock.now();
  room.clock.forward(HOUR);
  await customer.writes('STOP');
  await note(customer, { purpose: 'service', changedAt: before });
  expect((await goesOut(customer, 'service')).status).toBe('suppressed');
  await expect(note(customer, { changedAt: room.clock.in(1_000) })).rejects.toMatchObject({ kind: 'invalid', fields: [{ path: 'at', message: expect.any(String) }] });
});

test('a word about one of our senders says nothing about another', async () => {
  const customer = await room.customer();
  await note(customer, { sender: '+15550000009' });
  expect((await goesOut(customer, 'marketing')).status).toBe('suppressed');
  await note(customer, { purpose: 'everything', state: 'opted_out', sender: '+15550000009' });
  expect((await goesOut(customer, 'service')).status).toBe('sent');
});

test('of the house\'s own words only those that confirm a STOP reach somebody who said it', async () => {
  const customer = await room.customer('whatsapp');
  await customer.writes('STOP', 'whatsapp');
  const confirmation = (await customer.thread()).at(-1)!;
  const other = await customer.hears('A line of the house.');
  await room.rows(`update messages set author_kind = 'system', author = 'system' where id = $1`, [other]);
  await customer.writes('STOP', 'whatsapp');
  for (const id of [other, confirmation.id]) await room.send(id);
  expect(room.provider.asked).toEqual([confirmation.body]);
  expect((await customer.stands(other)).status).toBe('suppressed');
});

test('of a person with two WhatsApp numbers each has a will of its own', async () => {
  const [first, second] = [await room.customer('whatsapp'), await room.customer('whatsapp')];
  await room.service(MergingService).merge(room.tenant.id, {
    absorbedId: (await contactOf(first)).id, survivingId: (await contactOf(second)).id, staff: 'Dana', reason: null,
  });
  await first.writes('STOP', 'whatsapp');
  await second.writes('START', 'whatsapp');
  const why = (address: string) => room.database.transaction(room.tenant.id, (tx) =>
    room.service(ContactsService).whyNotWrite(tx, { channel: 'whatsapp', address, sender: '+15550000001' }, { id: uuidv7(1), purpose: 'service' }));
  expect([await why(first.address), await why(second.address)]).toEqual([expect.stringContaining('has opted out'), null]);
});

test('a forged mail neither silences a phone nor undoes a STOP; a proved one does both', async () => {
  const [phone, mail] = [await room.customer(), await room.customer('email', 'ada@example.test')];
  await room.service(MergingService).merge(room.tenant.id, {
    absorbedId: (await contactOf(mail)).id, survivingId: (await contactOf(phone)).id, staff: 'Dana', reason: null,
  });
  const silent = async (): Promise<string[]> => (await ledger(phone)).current.filter(({ state }) => state === 'opted_out').map(({ address }) => address).sort();
  await mail.writes('Stop contacting me', 'email', { trust: 'claimed' });
  expect(await silent()).toEqual([mail.address]);
  room.clock.forward(HOUR);
  await mail.writes('START', 'email', { trust: 'claimed' });
  expect(await silent()).toEqual([mail.address]);
  expect((await phone.thread()).at(-1)).toMatchObject({ body: 'START', details: { words: [expect.stringContaining('still get no messages')] } });
  expect((await phone.conversation()).owner).toBe('queued');
  await mail.writes('Stop contacting me', 'email', { trust: 'verified' });
  expect(await silent()).toEqual([phone.address, mail.address]);
});

test('another tenant neither reads nor writes it, and nobody changes an entry', async () => {
  const customer = await room.customer();
  const { id } = await note(customer);
  const contact = await contactOf(customer);
  const stranger = await room.service(TenancyService).addTenant('Oak', {});
  await expect(consents.history(stranger.id, contact.id, null, 10)).rejects.toMatchObject({ kind: 'not_found' });
  await expect(consents.record(stranger.id, contact.id, { addressId: contact.addressId, purpose: 'alerts', state: 'opted_in', source: 'staff', wording: 'x', evidence: null, recordedBy: 'Eve' }))
    .rejects.toMatchObject({ kind: 'not_found' });
  await expect(note(customer, { addressId: uuidv7(1) })).rejects.toMatchObject({ kind: 'not_found' });
  await expect(room.rows('update consents set state = $2 where id = $1', [id, 'opted_out'])).rejects.toThrow('only ever added to');
});
