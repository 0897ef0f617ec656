import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';
import { onCallPeople } from '../harness/oncall.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const report = (body: object = {}): Promise<{ id: string }> => house.api('/incidents', { method: 'POST', body: { reason: 'Water in the server room', ...body } });
const taken = async (id: string): Promise<string> => {
  const { incident } = await house.api<{ incident: { acknowledgedBy: string; acknowledgedVia: string } }>(`/incidents/${id}`);
  return `${incident.acknowledgedBy} by ${incident.acknowledgedVia}`;
};
/** A program that looks at links before people do. */
const looks = async (link: string, userAgent: string, method = 'GET'): Promise<string> => (await fetch(link, { method, headers: { 'User-Agent': userAgent } })).text();

test('programs that look at the link take nothing; who presses the button has it, and whose phone rings is left alone; the link takes nothing a second time', async () => {
  const [ada, ben] = await onCallPeople(house, ['Ada', 'Ben'], 30);
  const { id } = await report({ isDrill: true });
  const { link, body } = await ada!.isTexted();
  expect(body).toMatch(/^DRILL\. /);
  await looks(link, 'WhatsApp/2.23.20.0 A', 'HEAD');
  for (const agent of ['facebookexternalhit/1.1 Facebot Twitterbot/1.0', 'Mozilla/5.0 (Linux; Android 14) Chrome/130']) expect(await looks(link, agent)).toMatch(/This is a drill[^]*Nobody has taken it yet[^]*<button/);
  await ada!.rings();
  await house.forward('31s');
  await ben!.rings();
  const { link: bens } = await ben!.isTexted();
  expect(await looks(bens, 'Mozilla/5.0', 'POST')).toMatch(/You have it/);
  await Promise.all([ada!.isLeftAlone(), ben!.isLeftAlone()]);
  await ada!.sms.expectsSms(/Ben has taken/);
  expect(await looks(link, 'Mozilla/5.0', 'POST')).toMatch(/Ben has it(?![^]*<button)/);
  expect(await looks(bens, 'Mozilla/5.0')).not.toMatch(/<button/);
  expect(await looks(`${house.url}/a/nobody-has-given-this-out`, 'Mozilla/5.0', 'POST')).toMatch(/not valid any more/);
  const wished = await fetch(`${bens}/connect`, { method: 'POST', redirect: 'manual' });
  expect([wished.status, wished.headers.get('location')]).toEqual([303, expect.stringMatching(/^\/a\/[\w-]+\?news=cannot$/)]);
  expect(await taken(id)).toBe('Ben by link');
  await expect(house.api(`/incidents/${id}/connect`, { method: 'POST', body: {} })).rejects.toThrow(/409.*"drill"/);
  await house.expectQuiet();
});

test('a reply with the code takes it, whatever else they write does not; it is no customer’s message, and who answers late hears who has it', async () => {
  const [cleo, dan] = await onCallPeople(house, ['Cleo', 'Dan'], 30);
  const { id } = await report();
  const { code } = await cleo!.isTexted();
  const { call } = await cleo!.answers();
  cleo!.sms.texts('What is it?');
  await cleo!.sms.expectsSms(/To take it, reply with/);
  await house.forward('31s');
  await dan!.isTexted();
  dan!.sms.texts(`${code} on my way`);
  await dan!.sms.expectsSms(/You have/);
  await call.hears(/Dan has it/);
  await cleo!.sms.expectsSms(/Dan has taken/);
  cleo!.sms.texts(code);
  await cleo!.sms.expectsSms(/Dan has taken/);
  await Promise.all([cleo!.isLeftAlone(), dan!.isLeftAlone()]);
  await house.expectQuiet();
  expect(await taken(id)).toBe('Dan by reply');
  expect(await house.database.query('select 1 from addresses where address = any($1)', [[cleo!.phone, dan!.phone]])).toEqual([]);
});

test('a number that has said STOP, and one that Twilio refuses: another way at once; nobody left: the fallback is called', async () => {
  const [ada] = await onCallPeople(house, ['Ada'], 30);
  const { id: benId } = await house.api<{ id: string }>('/staff', { method: 'POST', body: { name: 'Ben', contactMethods: [{ channel: 'sms', address: '+15574440001' }] } });
  await house.database.query('update contact_methods set verified_at = now() where staff_id = $1', [benId]);
  const steps = [benId, ada!.staffId].map((staffId) => ({ targets: [{ kind: 'staff', staffId }], waitSeconds: 30 }));
  const { id: policyId } = await house.api<{ id: string }>('/policies', { method: 'POST', body: { name: 'Ben first', steps } });
  await house.api('/tenant', { method: 'PATCH', body: { settings: { escalation: { fallback: '+15574440009' } } } });
  house.customer('+15574440001').hasPhone('rejected:21610');
  const manager = house.customer('+15574440009');
  const { id } = await report({ policyId });
  // Nobody waits for Ben's half minute.
  await ada!.isTexted();
  await house.forward('31s');
  await manager.expectsSms(/urgent case/);
  await house.api(`/incidents/${id}/acknowledge`, { method: 'POST', body: { by: 'Dana' } });
  await ada!.sms.expectsSms(/Dana has taken/);
  await manager.expectsSms(/Dana has taken/);
  expect(await taken(id)).toBe('Dana by api');
  await house.expectQuiet();
  // All of this file, as whoever answers for the staff reads it.
  const range = 'from=2020-01-01T00:00:00Z&until=2090-01-01T00:00:00%2B02:00';
  expect(await house.api(`/reports/on-call?${range}`)).toMatchObject({ all: { incidents: { incidents: 2, acknowledged: 2, slaBreaches: 0 }, drills: { incidents: 1, acknowledged: 1 } } });
  const { items, nextCursor } = await house.api<{ items: { changes: object[] }[]; nextCursor: string }>(`/incident-attempts?${range}&limit=3`);
  expect([items.map(({ changes }) => changes.length > 0), (await house.call(`/incident-attempts?${range}&cursor=${nextCursor}`)).status]).toEqual([[true, true, true], 200]);
  expect(await (await house.call(`/incidents.csv?${range}`)).text()).toMatch(/^"createdAt","id","policyId","schedules"[^]*,acknowledged,[^\n]*,"Dana",,api,/);
  expect((await house.call('/incident-attempts?from=yesterday&until=now')).status).toBe(400);
});

test('a colleague’s STOP is no customer’s message and takes nothing: they are called and not texted, until START', async () => {
  const [fay] = await onCallPeople(house, ['Fay'], 300);
  fay!.sms.texts('STOP');
  await fay!.sms.expectsSms(/been unsubscribed/);
  fay!.sms.texts('HELP');
  await fay!.sms.expectsSms(/Reply STOP/);
  await house.settle();
  const posts = (): number => house.twilio.requests().filter(({ method, params }) => method === 'POST' && params['To'] === fay!.phone && params['Body']).length;
  await report();
  const { call, key } = await fay!.answers();
  fay!.sms.texts('START');
  await fay!.sms.expectsSms(/re-subscribed/);
  await call.presses(key);
  await call.hears(/You have it/);
  await house.settle();
  expect([posts(), await house.database.query('select 1 from messages')]).toEqual([0, []]);
  const { id } = await report();
  const { code } = await fay!.isTexted();
  fay!.sms.texts(code);
  await fay!.sms.expectsSms(/You have/);
  await fay!.isLeftAlone();
  expect(await taken(id)).toBe('Fay by reply');
  const { id: third } = await report();
  await fay!.isTexted();
  fay!.sms.texts('STOP');
  await fay!.sms.expectsSms(/been unsubscribed/);
  await house.settle();
  const before = posts();
  await house.api(`/incidents/${third}/acknowledge`, { method: 'POST', body: { by: 'Dana' } });
  await fay!.isLeftAlone();
  await house.expectQuiet();
  expect(posts()).toBe(before);
});
