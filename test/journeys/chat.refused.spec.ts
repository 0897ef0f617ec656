import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';
import { SHOP, Visitor } from '../harness/visitor.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const ELSEWHERE = 'https://evil.example';
const codeOf = async (answer: Response): Promise<[number, string]> => [answer.status, ((await answer.json()) as { code: string }).code];
const refusalOf = (visitor: Visitor, token?: string): Promise<string> => visitor.connects(token).then(() => 'let in', (error: { code?: string; message: string }) => error.code ?? error.message);

/** The same token with other words in it, signed by nobody. */
function forged(token: string, change: object): string {
  const [head, payload, signature] = token.split('.');
  const claims = { ...(JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object), ...change };
  return [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
}
const unsigned = (token: string): string => [Buffer.from('{"alg":"none"}').toString('base64url'), token.split('.')[1], ''].join('.');

test('pages of other origins get nothing: no session, no preflight, no connection, not even with a token', async () => {
  const visitor = await house.visitor();
  const elsewhere = new Visitor(house, visitor.widgetKey, ELSEWHERE);
  elsewhere.session = visitor.session;
  expect(await codeOf(await elsewhere.post('/sessions', { widgetKey: visitor.widgetKey }, null))).toEqual([403, 'forbidden_origin']);
  expect(await codeOf(await visitor.post('/sessions', { widgetKey: 'wk_which_nobody_has' }, null))).toEqual([403, 'forbidden_origin']);
  const read = await elsewhere.get('/messages');
  expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  expect(await refusalOf(elsewhere)).toMatch(/websocket error/);
  const preflight = (origin: string): Promise<Response> => fetch(`${house.url}/api/chat/messages`, {
    method: 'OPTIONS', headers: { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization' },
  });
  const [ours, theirs] = await Promise.all([preflight(SHOP), preflight(ELSEWHERE)]);
  expect([ours.status, ours.headers.get('access-control-allow-origin'), ours.headers.get('access-control-allow-headers')]).toEqual([204, SHOP, 'Authorization, Content-Type']);
  expect([theirs.status, theirs.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  // A page of our own server: its browser sends no Origin when it only reads.
  const nobody = await fetch(`${house.url}/api/chat/messages`, { headers: { Authorization: `Bearer ${visitor.session.token}` } });
  expect(nobody.status).toBe(403);
  await house.expectQuiet();
});

test('a token that is forged, unsigned, expired or of another origin opens nothing; whoever renews theirs goes on', async () => {
  const [visitor, other] = [await house.visitor(), await house.visitor()];
  const { token } = visitor.session;
  for (const bad of ['', 'x.y.z', unsigned(token), forged(token, { sub: other.address }), forged(token, { exp: 4_102_444_800 })]) {
    expect(await codeOf(await fetch(`${house.url}/api/chat/messages`, { headers: { Origin: SHOP, Authorization: `Bearer ${bad}` } }))).toEqual([401, 'unauthenticated']);
    expect(await refusalOf(visitor, bad)).toBe('unauthenticated');
  }
  await visitor.connects();
  await house.forward('14m');
  await other.opens(other.session.refreshToken);
  expect(await visitor.emits('renew', { token: other.session.token })).toMatchObject({ ok: false, problem: { code: 'forbidden' } });
  const before = visitor.address;
  await visitor.opens(visitor.session.refreshToken);
  expect(visitor.address).toBe(before);
  expect(await visitor.emits('renew', { token: visitor.session.token })).toMatchObject({ ok: true });
  await house.forward('2m');
  expect(await visitor.emits('sync', { after: null })).toMatchObject({ ok: true });
  expect(await refusalOf(visitor, token)).toBe('token_expired');
  expect(await codeOf(await fetch(`${house.url}/api/chat/messages`, { headers: { Origin: SHOP, Authorization: `Bearer ${token}` } }))).toEqual([401, 'token_expired']);
  await house.expectQuiet();
});

test('a visitor sees nothing of another one, whatever they name', async () => {
  const [maya, sam] = [await (await house.visitor()).connects(), await (await house.visitor()).connects()];
  house.model.next({ say: 'For Maya only.' });
  await maya.says('My secret');
  const answer = await maya.expects(/For Maya only/);
  expect((await sam.reads()).messages).toEqual([]);
  expect((await sam.reads(`?after=${answer.cursor!.replace(/\d$/, '0')}`)).messages).toEqual([]);
  await sam.emits('delivered', { ids: [answer.id] });
  await sam.emits('read', { upTo: answer.cursor });
  expect((await sam.get(`/media/${answer.id}.0`)).status).toBe(404);
  expect((await maya.reads()).messages.map(({ status }) => status)).toEqual(['received', 'sent']);
  expect(sam.heard).toEqual([]);
  await house.thread.stands(maya, 'delivered');
  const { session } = await house.visitor();
  expect(session.visitorId).not.toBe(maya.address);
  await house.expectQuiet();
});

test('too many messages of one visitor are refused, and say when to come back; odd ones are refused and harm nobody', async () => {
  const visitor = await (await house.visitor()).connects();
  const [first] = await house.api<{ id: string; settings: unknown }[]>('/tenants').then((page) => (page as unknown as { items: { id: string; settings: unknown }[] }).items);
  await house.api(`/tenants/${first!.id}`, { method: 'PATCH', body: { settings: { assistant: { enabled: false } } } });
  for (const payload of [null, 7, 'text', [], {}, { clientId: 'x', body: 'y' }, { clientId: randomUUID(), body: ' \u0000 ' }, { clientId: randomUUID(), body: 'x'.repeat(4_001) }]) {
    expect(await visitor.emits('send', payload)).toMatchObject({ ok: false, problem: { code: 'invalid' } });
  }
  const answers: { ok: boolean; problem?: { code: string; retryAfterMs?: number } }[] = [];
  for (let n = 0; n < 42; n++) answers.push(await visitor.emits('send', { clientId: randomUUID(), body: `Number ${n}` }));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(40);
  expect(answers.at(-1)!.problem).toMatchObject({ code: 'too_many_requests' });
  const again = await visitor.post('/messages', { clientId: randomUUID(), body: 'And by REST' });
  expect([again.status, Number(again.headers.get('retry-after')) > 0]).toEqual([429, true]);
  await house.forward('61s');
  expect((await visitor.post('/messages', { clientId: randomUUID(), body: 'A minute later' })).status).toBe(201);
  await house.expectQuiet();
});

test('a widget that is removed, or taken off a page, takes nothing more over connections that are open', async () => {
  const { key } = await house.api<{ key: string }>('/widgets', { method: 'POST', body: { title: 'Shop', allowedOrigins: [SHOP] } });
  const visitor = await (await new Visitor(house, key).opens()).connects();
  const sends = () => visitor.emits('send', { clientId: randomUUID(), body: 'Are you there?' });
  const isFor = (origin: string) => house.api(`/widgets/${key}`, { method: 'PATCH', body: { allowedOrigins: [origin] } });
  await isFor(ELSEWHERE);
  expect(await sends()).toMatchObject({ ok: false, problem: { code: 'forbidden_origin' } });
  await isFor(SHOP);
  expect(await visitor.emits('sync', { after: null })).toMatchObject({ ok: true, messages: [] });
  expect((await house.call(`/widgets/${key}`, { method: 'DELETE' })).status).toBe(204);
  expect(await sends()).toMatchObject({ ok: false, problem: { code: 'forbidden_origin' } });
  expect(await visitor.emits('sync', { after: null })).toMatchObject({ ok: false });
  await house.expectQuiet();
});
