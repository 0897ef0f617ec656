import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { startSimulator, type TwilioSimulator } from '@throughline/twilio-simulator/server.js';
import { ContactsService } from '../../src/contacts/contacts.service.js';
import type { Address, Trust } from '../../src/contacts/contacts.types.js';
import { type Checked, VerificationService } from '../../src/contacts/verification.service.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import { type Customer, DeliveryRoom } from './delivery.room.js';

const MINUTE = 60_000;

let twilio: TwilioSimulator;
let room: DeliveryRoom;
let verification: VerificationService;
beforeAll(async () => {
  twilio = await startSimulator({ port: 0, accounts: [{ sid: 'AC00000000000000000000000000000001', authToken: 'token' }], stepMs: 1 });
  room = await DeliveryRoom.open({ apiOrigin: twilio.origin });
  verification = room.service(VerificationService);
});
afterAll(async () => {
  await room.close();
  await twilio.close();
});
beforeEach(() => room.clock.forward(60 * MINUTE));

interface Claim {
  contactId: string;
  addressId: string;
  customer: Customer;
}

/** Somebody calls with a caller id that nobody has signed. */
async function caller(): Promise<Claim> {
  const customer = await room.customer('voice');
  const { contactId } = await customer.conversation();
  return { customer, contactId, addressId: (await addressesOf(contactId))[0]!.id };
}
const addressesOf = async (contactId: string): Promise<Address[]> => (await room.service(ContactsService).contact(room.tenant.id, contactId)).addresses;
const trustOf = async ({ contactId }: Claim): Promise<Trust> => (await addressesOf(contactId))[0]!.trust;
const start = ({ contactId, addressId }: Claim, tenantId = room.tenant.id): Promise<Address> => verification.start(tenantId, contactId, addressId);
const check = ({ contactId, addressId }: Claim, code: string, tenantId = room.tenant.id): Promise<Checked> => verification.check(tenantId, contactId, addressId, code);
const texts = ({ customer }: Claim): string[] => twilio.control.phone(customer.address).messages.map(({ body }) => body);
const codeOf = (claim: Claim): string => /is: (\d+)$/.exec(texts(claim).at(-1)!)![1]!;
const wrong = (code: string): string => (code === '000000' ? '111111' : '000000');

test('the code that was sent there makes a claimed address a verified one, once', async () => {
  const claim = await caller();
  expect(await start(claim)).toMatchObject({ channel: 'voice', trust: 'claimed' });
  expect(texts(claim)).toEqual([expect.stringMatching(/^Your Throughline verification code is: \d{6}$/)]);
  expect(await check(claim, wrong(codeOf(claim)))).toMatchObject({ outcome: 'wrong', address: { trust: 'claimed' } });
  expect(await trustOf(claim)).toBe('claimed');
  expect(await check(claim, codeOf(claim))).toMatchObject({ outcome: 'verified', address: { trust: 'verified' }, sameAs: null });
  expect(await trustOf(claim)).toBe('verified');
  await expect(check(claim, codeOf(claim))).rejects.toMatchObject({ kind: 'conflict', code: 'verified_already' });
  await expect(start(claim)).rejects.toMatchObject({ code: 'verified_already' });
});

test('whose number it is otherwise is said once it is proven, and not before', async () => {
  const claim = await caller();
  const owner = await room.customer('sms', claim.customer.address);
  const { contactId } = await owner.conversation();
  expect(contactId).not.toBe(claim.contactId);
  await start(claim);
  expect(await check(claim, wrong(codeOf(claim)))).toMatchObject({ sameAs: null });
  expect(await check(claim, codeOf(claim))).toMatchObject({ outcome: 'verified', sameAs: contactId });
});

test('asked again too soon, or too often, it is refused with the time to wait; the same at once counts each', async () => {
  const claim = await caller();
  const all = await Promise.allSettled(Array.from({ length: 5 }, () => start(claim)));
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(all.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { kind: 'too_many', retryAfterMs: 30_000 } });
  for (let n = 2; n <= 5; n++) {
    room.clock.forward(30_000);
    await start(claim);
  }
  expect(new Set(texts(claim)).size).toBe(1);
  room.clock.forward(MINUTE);
  await expect(start(claim)).rejects.toMatchObject({ kind: 'too_many', code: 'too_many_codes', retryAfterMs: 57 * MINUTE });
  twilio.control.forward('11m');
  room.clock.forward(57 * MINUTE);
  await start(claim);
  expect(texts(claim)).toHaveLength(6);
});

test('nobody guesses: five tries of a code at Twilio, ten in an hour here', async () => {
  const claim = await caller();
  await start(claim);
  const code = codeOf(claim);
  for (let n = 0; n < 5; n++) expect((await check(claim, wrong(code))).outcome).toBe('wrong');
  for (let n = 0; n < 5; n++) await expect(check(claim, code)).rejects.toMatchObject({ kind: 'too_many', code: 'twilio_60202' });
  await expect(check(claim, code)).rejects.toMatchObject({ kind: 'too_many', code: 'too_many_codes' });
  expect(await trustOf(claim)).toBe('claimed');
});

test('a code that was never sent, or is ten minutes old, verifies nothing', async () => {
  const claim = await caller();
  expect(await check(claim, '123456')).toMatchObject({ outcome: 'expired' });
  await start(claim);
  const code = codeOf(claim);
  twilio.control.forward('10m');
  expect(await check(claim, code)).toMatchObject({ outcome: 'expired' });
  expect(await trustOf(claim)).toBe('claimed');
});

test('no code goes to somebody who wants no messages, nor to what is no phone; Twilio\'s refusals are passed on', async () => {
  const silent = await caller();
  await (await room.customer('sms', silent.customer.address)).writes('Please stop texting me');
  await expect(start(silent)).rejects.toMatchObject({ kind: 'conflict', code: 'opted_out' });
  expect(twilio.control.phones().some(({ address }) => address === silent.customer.address)).toBe(false);
  const mailer = await room.customer('email', 'ada@example.com');
  const { contactId } = await mailer.conversation();
  await expect(start({ customer: mailer, contactId, addressId: (await addressesOf(contactId))[0]!.id })).rejects.toMatchObject({ code: 'takes_no_code' });
  const landline = await caller();
  twilio.control.setPhone({ address: landline.customer.address, outcome: 'rejected:60205' });
  await expect(start(landline)).rejects.toMatchObject({ kind: 'conflict', code: 'twilio_60205' });
});

test('a stranger who was sent no code tries in vain and uses up nothing; one who was sent one leaves its owner a try', async () => {
  const { address } = await room.customer('sms');
  const claims = (by: string): Promise<void> => verification.startClaim(room.tenant.id, address, by);
  const tries = (by: string, code: string): Promise<string> => verification.checkClaim(room.tenant.id, address, by, code).catch(({ kind }: { kind: string }) => kind);
  await claims('maya');
  const code = /is: (\d+)$/.exec(twilio.control.phone(address).messages.at(-1)!.body)![1]!;
  for (let n = 0; n < 30; n++) expect(await tries('mallory', n === 0 ? code : wrong(code))).toBe('expired');
  room.clock.forward(30_000);
  await claims('mallory');
  const outcomes: string[] = [];
  for (let n = 0; n < 6; n++) outcomes.push(await tries('mallory', wrong(code)));
  expect(outcomes).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'too_many', 'too_many']);
  expect(await tries('maya', code)).toBe('verified');
});

test('codes to whichever numbers cost a tenant no more than it has said, until the hour is over; a refused one costs nothing', async () => {
  const pumped = await room.service(TenancyService).addTenant('Pumped', { chat: { codesPerHour: 2 } });
  const asks = async (address?: string): Promise<string> =>
    verification.startClaim(pumped.id, address ?? (await room.customer('sms')).address, 'mallory').then(() => 'sent', ({ kind }: { kind: string }) => kind);
  const { address } = await room.customer('sms');
  expect([await asks(address), await asks(address), await asks(), await asks(), await asks()]).toEqual(['sent', 'too_many', 'sent', 'too_many', 'too_many']);
  room.clock.forward(60 * MINUTE);
  expect(await asks()).toBe('sent');
});

test('the service is found again by its name, and made once', () => {
  const made = twilio.control.requests().filter(({ method, path }) => method === 'POST' && path === '/v2/Services');
  expect(made).toHaveLength(1);
});

test('another tenant, another contact, an address of nobody: not found', async () => {
  const [claim, other] = [await caller(), await caller()];
  const stranger = await room.service(TenancyService).addTenant('Oak', {});
  await expect(start(claim, stranger.id)).rejects.toMatchObject({ kind: 'not_found' });
  await expect(check(claim, '123456', stranger.id)).rejects.toMatchObject({ kind: 'not_found' });
  await expect(start({ ...claim, contactId: other.contactId })).rejects.toMatchObject({ kind: 'not_found' });
  await expect(start({ ...claim, addressId: uuidv7(1) })).rejects.toMatchObject({ kind: 'not_found' });
  await expect(start({ ...claim, contactId: '1' })).rejects.toMatchObject({ kind: 'not_found' });
});
