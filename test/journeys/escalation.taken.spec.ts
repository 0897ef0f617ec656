import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';
import { onCallPeople } from '../harness/oncall.js';

interface Log {
  incident: { id: string; state: string; acknowledgedBy: string | null; acknowledgedVia: string | null };
  attempts: { name: string; channel: string; says: string; state: string }[];
  secondsToAcknowledge: number | null;
}

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const log = (id: string): Promise<Log> => house.api(`/incidents/${id}`);
const fates = async (id: string): Promise<string[]> => (await log(id)).attempts.map(({ name, says, channel, state }) => `${name} ${says} ${channel} ${state}`).sort();

const newest = async (): Promise<string> => (await house.api<{ items: { id: string }[] }>('/incidents')).items.at(-1)!.id;

test('a texter with chest pain, at night: call and text at once; voicemail takes nothing; the next one presses the key that was said, hears that it is theirs, and the others are told', async () => {
  const [ada, ben] = await onCallPeople(house, ['Ada', 'Ben']);
  const customer = house.customer('+15551230042');
  house.model.next({ afterTool: 'raise_emergency', say: 'I am reaching somebody for you. If you are in danger, call 911.' });
  customer.texts('I have panic and chest pain');
  await customer.expectsSms(/reaching somebody/);
  const { body } = await ada!.isTexted();
  expect(body).toMatch(/^Riverside Clinic: urgent case\. Call back \+15551230042\. Code \d{4}: reply with it to take this, or open http/);
  expect(body).not.toMatch(/chest|panic/i);
  const { call: voicemail } = await ada!.answers();
  for (const _ of [1, 2]) await house.forward('20s');
  await voicemail.hears(/Nobody has taken it yet/);
  await house.forward('25s');
  const { call, key } = await ben!.answers();
  await ben!.isTexted();
  await call.presses(key === '9' ? '8' : '9');
  await call.hears(/Press \d to take it/);
  await call.presses(key);
  await call.hears(/You have it/);
  await call.hears(/Call back: 1 5 5 5/);
  call.hangsUp();
  await ada!.sms.expectsSms(/Ben has taken \d{4}/);
  await customer.expectsSms(/^Ben is on it and will call you back at \+15551230042\.$/);
  await house.expectQuiet();
  const id = await newest();
  expect((await log(id)).incident).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'Ben', acknowledgedVia: 'key' });
  expect(await fates(id)).toEqual(['Ada alert sms delivered', 'Ada alert voice no_key', 'Ada told sms delivered', 'Ben alert sms delivered', 'Ben alert voice acknowledged']);
  const { conversationSid } = await house.thread.conversation(customer);
  expect(await house.database.query('select 1 from incidents where conversation_sid = $1', [conversationSid])).toHaveLength(1);
});

test('a caller who cannot breathe is told that somebody is being reached, before the model has thought of anything', async () => {
  const [cleo] = await onCallPeople(house, ['Cleo']);
  const customer = house.customer('+15551230043');
  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ afterTool: 'raise_emergency', say: 'Somebody on call is being reached right now.' });
  await call.says('Help, I can not breathe');
  await call.hearsAllOf(/is being reached/);
  const { code } = await cleo!.isTexted();
  cleo!.sms.texts(code);
  await cleo!.sms.expectsSms(/You have \d{4}[^]*Call back \+15551230043\. To be called and connected now, reply CALL \d{4}\.$/);
  await cleo!.isLeftAlone();
  await call.hearsAllOf(/Cleo is on it/);
  call.hangsUp();
  // Whoever is thanked by name answers: that is no customer's message, and wakes nobody.
  const id = await newest();
  cleo!.sms.texts('On my way. The patient has chest pain, the ambulance is called.');
  await house.settle();
  expect([await newest(), await house.database.query('select direction from messages where body like $1', ['%the ambulance is called.%'])]).toEqual([id, [{ direction: 'internal' }]]);
  await cleo!.isLeftAlone();
  await house.expectQuiet();
});

test('what it is about is behind the link and the PIN of whom it was sent to: five wrong ones close it, each look is noted, and what people wrote is text', async () => {
  const [dan, eve] = await onCallPeople(house, ['Dan', 'Eve'], 30);
  const customer = house.customer('+15551230044');
  house.model.next({ afterTool: 'raise_emergency', say: 'I am reaching somebody for you.' });
  customer.texts('Chest pain <script>alert(1)</script>');
  await customer.expectsSms(/reaching somebody/);
  const { link } = await dan!.isTexted();
  const details = (at: string, cookie = ''): Promise<string> => fetch(`${at}/details`, { headers: { cookie } }).then((answer) => answer.text());
  const enters = (at: string, pin: string, headers = {}): Promise<Response> => fetch(`${at}/details`, { method: 'POST', body: new URLSearchParams({ pin }), headers, redirect: 'manual' });
  expect(await details(link)).toMatch(/You have no PIN yet/);
  await house.api(`/staff/${dan!.staffId}/pin`, { method: 'PUT', body: { pin: '402917' } });
  expect((await enters(link, '402917', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  const entered = await enters(link, '402917');
  const [cookie] = /details=[^;]+/.exec(entered.headers.get('set-cookie')!)!;
  expect([entered.status, entered.headers.get('set-cookie')]).toEqual([303, expect.stringMatching(/Path=\/a\/[\w-]+;.*HttpOnly; SameSite=Strict/)]);
  expect(await details(link, cookie)).toMatch(/Chest pain &lt;script&gt;alert\(1\)&lt;\/script&gt;[^]*Dan, text/);
  await house.forward('31s');
  const { link: eves } = await eve!.isTexted();
  for (const [at, with_] of [[eves, cookie], [link, cookie.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'))], [link, `details=9999999999999.${'A'.repeat(43)}`]]) expect(await details(at!, with_)).not.toMatch(/Chest/);
  for (const shown of [/not your PIN/, /not your PIN/, /not your PIN/, /not your PIN/, /Too many wrong/, /Too many wrong/]) expect(await (await enters(link, '111222')).text()).toMatch(shown);
  expect((await enters(link, '402917')).status).toBe(200);
  await house.forward('16m');
  expect(await details(link, cookie)).not.toMatch(/Chest/);
  const { incident, changes } = await house.api<Log & { changes: { cause: string }[] }>(`/incidents/${await newest()}`);
  expect([incident.state, changes.filter(({ cause }) => cause.startsWith('Dan looked at the details')).length]).toEqual(['exhausted', 1]);
  await house.expectQuiet();
});

test('who is removed while the phone is at their ear takes nothing by the key that they hear', async () => {
  const [fay] = await onCallPeople(house, ['Fay'], 600);
  const customer = house.customer('+15551230045');
  house.model.next({ afterTool: 'raise_emergency', say: 'I am reaching somebody for you.' });
  customer.texts('I have chest pain');
  await customer.expectsSms(/reaching somebody/);
  const { link } = await fay!.isTexted();
  const { call, key } = await fay!.answers();
  await onCallPeople(house, ['Gil'], 600);
  const { items } = await house.api<{ items: { id: string; name: string }[] }>('/policies');
  await house.call(`/policies/${items.find(({ name }) => name.startsWith('Fay'))!.id}`, { method: 'DELETE' });
  expect((await house.call(`/staff/${fay!.staffId}`, { method: 'DELETE' })).status).toBe(204);
  await call.presses(key);
  await call.hears(/^Goodbye\.$/);
  expect(await (await fetch(link, { method: 'POST' })).text()).toMatch(/not valid any more/);
  const id = await newest();
  expect((await log(id)).incident).toMatchObject({ state: 'waiting', acknowledgedBy: null });
  await house.api(`/incidents/${id}/cancel`, { method: 'POST', body: { by: 'Dana' } });
  await fay!.sms.expectsSms(/was called off/);
  await house.expectQuiet();
});
