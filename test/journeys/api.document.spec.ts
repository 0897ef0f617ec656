import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { type House, openHouse } from '../harness/house.js';

interface Operation {
  operationId: string;
  tags: string[];
  parameters: { in: string; name: string }[];
  requestBody?: unknown;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
  security: unknown[];
}

const ROUTES = `
  GET /tenants, POST /tenants, GET /tenants/{id}, PATCH /tenants/{id}, POST /tenants/{id}/tokens, DELETE /tenants/{id}/tokens/{tokenId},
  GET /tenant, PATCH /tenant, GET /senders, POST /senders, PATCH /senders/{id}, DELETE /senders/{id},
  POST /senders/{id}/move, GET /contacts, GET /contacts/{id}, GET /contacts/{id}/consents, POST /contacts/{id}/consents,
  POST /contacts/{id}/merge, POST /contacts/merges/{mergeId}/undo, GET /contacts/{id}/timeline,
  POST /contacts/{id}/addresses/{addressId}/verification, POST /contacts/{id}/addresses/{addressId}/verification/check,
  GET /contacts/{contactId}/export, POST /contacts/{contactId}/erasure, GET /contacts/{contactId}/facts, DELETE /contacts/{contactId}/facts, DELETE /contacts/{contactId}/facts/{factId}, GET /conversations,
  GET /conversations/{conversationSid}, GET /conversations/{conversationSid}/messages, POST /conversations/{conversationSid}/messages,
  GET /conversations/{conversationSid}/transitions, GET /conversations/{conversationSid}/participants,
  POST /conversations/{conversationSid}/owner, GET /conversations/{conversationSid}/citations, GET /knowledge, POST /knowledge, GET /knowledge/{id}, PATCH /knowledge/{id},
  DELETE /knowledge/{id}, GET /knowledge/search, GET /staff, POST /staff, GET /staff/{id}, PATCH /staff/{id}, DELETE /staff/{id}, GET /staff/{id}/changes,
  POST /staff/{staffId}/contact-methods, DELETE /staff/{staffId}/contact-methods/{methodId}, POST /staff/{staffId}/contact-methods/{methodId}/verification,
  POST /staff/{staffId}/contact-methods/{methodId}/verification/check, GET /schedules, POST /schedules, POST /schedules/import, GET /schedules/{id}, PATCH /schedules/{id}, DELETE /schedules/{id},
  GET /schedules/{id}/changes, GET /schedules/{scheduleId}/on-call, GET /schedules/{scheduleId}/shifts, GET /schedules/{scheduleId}/gaps, GET /schedules/{scheduleId}/exceptions,
  POST /schedules/{scheduleId}/overrides, POST /schedules/{scheduleId}/swaps, POST /schedules/{scheduleId}/covers, DELETE /schedules/{scheduleId}/exceptions/{exceptionId}, GET /preflight,
  GET /deliveries, GET /deliveries/{id}, GET /conversations/{conversationSid}/urgency, GET /alarm-words, POST /alarm-words, PATCH /alarm-words/{id}, DELETE /alarm-words/{id}, GET /alarm-words/{id}/changes`.trim().split(/,\s+/);

let house: House;
let components: { schemas: Record<string, object> };
const operations = new Map<string, Operation>();
beforeAll(async () => {
  house = await openHouse();
  const document = (await (await fetch(`${house.url}/docs/openapi.json`)).json()) as {
    openapi: string; paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, object> };
  };
  expect(document.openapi).toMatch(/^3\.0\./);
  components = document.components;
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) operations.set(`${method.toUpperCase()} ${path.replace('/api/v1', '')}`, operation);
  }
});
afterAll(() => house.close());

const answerOf = (route: string, status = '200'): { parse(value: unknown): unknown } => {
  const { schema } = Object.values(operations.get(route)!.responses[status]!.content!)[0]!;
  const local = JSON.stringify({ ...schema, definitions: components.schemas }).replaceAll('#/components/schemas/', '#/definitions/');
  return z.fromJSONSchema(JSON.parse(local) as Parameters<typeof z.fromJSONSchema>[0], { defaultTarget: 'openapi-3.0' });
};

test('the document names every route, and every route is shut without a token', async () => {
  expect([...operations.keys()].filter((route) => ROUTES.includes(route)).sort()).toEqual(ROUTES.toSorted());
  for (const route of operations.keys()) {
    const [method, path] = route.split(' ') as [string, string];
    expect((await fetch(`${house.url}/api/v1${path}`, { method })).status).toBe(401);
  }
});

test('each operation has a name of its own, its parameters, its problems, and no reference into the void', () => {
  expect(new Set([...operations.values()].map(({ operationId }) => operationId)).size).toBe(operations.size);
  for (const [route, { tags, parameters, responses, security, requestBody }] of operations) {
    expect(tags).toHaveLength(1);
    expect(security).toEqual([{ bearer: [] }]);
    const names = parameters.map((parameter) => `${parameter.in} ${parameter.name.toLowerCase()}`);
    expect(new Set(names).size).toBe(names.length);
    expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => `{${name}}`)).toEqual(route.match(/\{\w+\}/g) ?? []);
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '401', '404', '429', ...(requestBody ? ['413'] : [])]));
    const forOperator = /^\S+ \/tenants\b/.test(route) || /^(POST|PATCH|DELETE) \/senders\b/.test(route);
    expect([route, '403' in responses]).toEqual([route, forOperator]);
    for (const [status, { content }] of Object.entries(responses)) if (Number(status) >= 400) expect(Object.keys(content!)).toEqual(['application/problem+json']);
  }
  const references = JSON.stringify([[...operations.values()], components]).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
  for (const [, name] of references) expect(components.schemas).toHaveProperty([name!]);
});

test('what the API answers is what the document says', async () => {
  const customer = house.customer();
  customer.texts('What are your opening hours?');
  await customer.expectsSms(/./);
  await house.expectQuiet();
  const { conversationSid } = await house.thread.conversation(customer);
  const idOf = async (list: string): Promise<string> => (await house.api<{ items: { id: string }[] }>(list)).items[0]!.id;
  await house.api('/knowledge', { method: 'POST', body: { title: 'Fees', body: 'A visit is 90 dollars.' } });
  const { id: staffId } = await house.api<{ id: string }>('/staff', { method: 'POST', body: { name: 'Dana', contactMethods: [{ channel: 'sms', address: '+15550007001' }] } });
  const layers = [{ name: 'all', startsAt: '2026-01-05T09:00', every: 1, unit: 'weeks', rotation: [[staffId]] }];
  const { id: scheduleId } = await house.api<{ id: string }>('/schedules', { method: 'POST', body: { name: 'Nights', timeZone: 'UTC', layers } });
  await house.api(`/schedules/${scheduleId}/covers`, { method: 'POST', body: { from: '2026-01-05T09:00:00Z', until: '2099-01-05T09:00:00Z', staff: [staffId] } });
  const { id: wordId } = await house.api<{ id: string }>('/alarm-words', { method: 'POST', body: { term: 'cold store', urgency: 4 } });
  const ids: Record<string, string> = { staff: staffId, 'alarm-words': wordId, schedules: scheduleId, knowledge: await idOf('/knowledge'), contacts: await idOf('/contacts'), deliveries: await idOf('/deliveries'), tenants: await idOf('/tenants') };
  for (const route of ROUTES.filter((name) => name.startsWith('GET'))) {
    const path = route.slice(4).replace('{conversationSid}', conversationSid).replace('{contactId}', ids['contacts']!).replace('{scheduleId}', scheduleId).replace('{id}', ids[route.split('/')[1]!]!);
    const body = await house.api(path.endsWith('/search') ? `${path}?q=dollars` : path);
    expect(answerOf(route).parse(body)).toEqual(body);
  }
  const problem: unknown = await (await house.call('/senders', { method: 'POST', body: {} })).json();
  expect(answerOf('POST /senders', '400').parse(problem)).toEqual(problem);
});

test('a delivery says what became of a message, and never what it said', async () => {
  const list = await house.api<{ items: object[] }>('/deliveries?state=delivered');
  expect(list.items).toHaveLength(1);
  expect(list.items[0]).not.toHaveProperty('body');
});
