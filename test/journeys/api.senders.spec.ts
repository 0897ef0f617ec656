import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { FRONT_DESK, type House, openHouse } from '../harness/house.js';

let house: House;
let another: { tenantId: string; token: string };
beforeAll(async () => {
  house = await openHouse();
  const { id: tenantId } = await house.api<{ id: string }>('/tenants', { method: 'POST', body: { name: 'Another clinic' } });
  another = { tenantId, ...(await house.api<{ token: string }>(`/tenants/${tenantId}/tokens`, { method: 'POST', body: { name: 'any' } })) };
});
afterAll(() => house.close());
beforeEach(() => house.model.use([{ say: 'Yes.' }]));

interface Sender {
  id: string;
  address: string;
}

const sendersOf = async (token?: string): Promise<Sender[]> => (await house.api<{ items: Sender[] }>('/senders', { token })).items;
const name = (address: string): Promise<Sender> =>
  house.api('/senders', { method: 'POST', headers: { 'Tenant-Id': another.tenantId }, body: { channel: 'sms', address } });
/** Texts of customers, with whose they are. */
const received = (): Promise<{ body: string; tenant_id: string }[]> =>
  house.database.query(`select body, tenant_id from messages where direction = 'inbound' order by created_at, id`);

test('a tenant sees its senders; which number is whose, and how it sends, is for the operator to say', async () => {
  const own = await name('+15550100088');
  expect(await sendersOf(another.token)).toEqual([own]);
  const asks: [string, string, unknown?][] = [
    ['POST', '/senders', { channel: 'sms', address: '+15550100099' }], ['PATCH', `/senders/${own.id}`, { messagingServiceSid: `MG${'0'.repeat(32)}` }],
    ['POST', `/senders/${own.id}/move`, { toTenantId: another.tenantId }], ['DELETE', `/senders/${own.id}`],
  ];
  for (const [method, path, body] of asks) {
    expect([method, path, (await house.call(path, { method, token: another.token, body })).status]).toEqual([method, path, 403]);
  }
  expect(await sendersOf(another.token)).toEqual([own]);
});

test('a number that is named brings none of the texts that it got before', async () => {
  const desk = '+15550100077';
  house.twilio.addNumber({ accountSid: house.account.sid, phoneNumber: desk, smsUrl: `${house.url}/webhooks/twilio/messaging` });
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'messaging' } });
  const customer = house.customer(undefined, desk);
  customer.texts('This was for somebody else');
  await house.settle();
  await name(desk);
  customer.texts('Are you the new clinic?');
  await customer.expectsSms(/Yes/);
  await house.forward('6m');
  await house.expectQuiet();
  expect(await received()).toEqual([{ body: 'Are you the new clinic?', tenant_id: another.tenantId }]);
});

test('the operator moves a number: what was said stays with the tenant it was said to, what comes belongs to the other', async () => {
  const customer = house.customer();
  customer.texts('Is this the old clinic?');
  await customer.expectsSms(/Yes/);
  const [sender] = await sendersOf();
  const own = (await received()).at(-1)!;
  const move = (body: unknown): Promise<Response> => house.call(`/senders/${sender!.id}/move`, { method: 'POST', body });
  expect((await move({ toTenantId: '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f' })).status).toBe(404);
  expect(await (await move({ toTenantId: another.tenantId })).json()).toMatchObject({ id: sender!.id, address: FRONT_DESK, origin: 'api' });
  expect((await move({ toTenantId: another.tenantId })).status).toBe(404);
  expect(await sendersOf()).toEqual([]);
  customer.texts('Is this the new clinic?');
  await customer.expectsSms(/Yes/);
  await house.forward('6m');
  await house.expectQuiet();
  expect((await received()).slice(-2)).toEqual([own, { body: 'Is this the new clinic?', tenant_id: another.tenantId }]);
});

test('the operator removes a number, once', async () => {
  const { id } = await name('+15550100066');
  const remove = async (): Promise<number> => (await house.call(`/senders/${id}`, { method: 'DELETE', headers: { 'Tenant-Id': another.tenantId } })).status;
  expect((await house.call(`/senders/${id}`, { method: 'DELETE' })).status).toBe(404);
  expect(await remove()).toBe(204);
  expect(await remove()).toBe(404);
  expect((await sendersOf(another.token)).map((sender) => sender.id)).not.toContain(id);
});
