import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

interface Issued {
  id: string;
  token: string;
}

const tenantWithToken = async (name: string): Promise<Issued & { tenantId: string }> => {
  const { id: tenantId } = await house.api<{ id: string }>('/tenants', { method: 'POST', body: { name } });
  return { tenantId, ...(await house.api<Issued>(`/tenants/${tenantId}/tokens`, { method: 'POST', body: { name: 'export' } })) };
};

test('without a token, or with one that nobody issued, the API stays shut', async () => {
  for (const headers of [undefined, { Authorization: 'Bearer tl_made-up' }, { Authorization: 'Bearer ' }, { Authorization: house.adminToken }]) {
    const answer = await fetch(`${house.url}/api/v1/tenant`, headers ? { headers } : {});
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await answer.json()).toMatchObject({ status: 401, code: 'unauthenticated' });
  }
});

test('a token opens its own tenant, whatever the header says, until it is revoked', async () => {
  const { tenantId, id, token } = await tenantWithToken('Elm Dental');
  const other = await tenantWithToken('Oak Dental');
  const own = await house.api<{ id: string; name: string }>('/tenant', { token, headers: { 'Tenant-Id': other.tenantId } });
  expect(own).toMatchObject({ id: tenantId, name: 'Elm Dental' });

  expect((await house.call(`/tenants/${tenantId}/tokens/${id}`, { method: 'DELETE' })).status).toBe(204);
  expect((await house.call('/tenant', { token })).status).toBe(401);
  expect((await house.call(`/tenants/${tenantId}/tokens/${id}`, { method: 'DELETE' })).status).toBe(404);
  expect((await house.call(`/tenants/${other.tenantId}/tokens/${id}`, { method: 'DELETE' })).status).toBe(404);
  expect((await house.call('/tenant', { token: other.token })).status).toBe(200);
});

test('tenants and tokens are for the operator only', async () => {
  const { tenantId, token } = await tenantWithToken('Ash Dental');
  for (const [method, path] of [['GET', '/tenants'], ['GET', `/tenants/${tenantId}`], ['POST', '/tenants'], ['POST', `/tenants/${tenantId}/tokens`]] as const) {
    const answer = await house.call(path, { method, token, ...(method === 'POST' ? { body: { name: 'Mine' } } : {}) });
    expect(answer.status).toBe(403);
    expect(await answer.json()).not.toHaveProperty('detail');
  }
});

test('the operator chooses a tenant by header; one that is not there is not found', async () => {
  const { tenantId } = await tenantWithToken('Fir Dental');
  expect(await house.api('/tenant', { headers: { 'Tenant-Id': tenantId } })).toMatchObject({ name: 'Fir Dental' });
  for (const stranger of ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f', 'fir']) {
    expect((await house.call('/tenant', { headers: { 'Tenant-Id': stranger } })).status).toBe(404);
  }
});

test('the token itself is kept nowhere', async () => {
  const { token } = await tenantWithToken('Yew Dental');
  expect(JSON.stringify(await house.database.query('select * from api_tokens'))).not.toContain(token);
  expect(house.log).not.toContain(token);
});
