import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';
import { VAPI_SECRET, VAPIS_OWN } from '../harness/house.parts.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ vapi: true });
  await house.speaksBy('vapi');
});
afterAll(() => house.close());

test('where Vapi fails, or answers with something odd, Twilio listens and speaks by itself', async () => {
  for (const fault of [{ kind: 'fails', status: 503 }, { kind: 'odd' }] as const) {
    house.vapi.callFaults.push(fault);
    const call = house.customer().calls();
    await call.hears(/How can I help you/);
    house.model.next({ say: 'At eight.' });
    expect(await call.says('When do you open?')).toBe('relay');
    await call.hearsAllOf(/At eight/);
    call.hangsUp();
  }
  await house.expectQuiet();
});

test('where Vapi breaks down in the middle of a question, the caller is told, and answered', async () => {
  const customer = house.customer();
  const call = customer.calls();
  await call.hearsAllOf(/How can I help you/);
  house.model.next({ hang: true });
  await call.says('When do you open?');
  await house.thread.has(customer, 'in: When do you open?');
  await eventually('the model to be asked by Vapi', () => house.model.turns().some(({ outcome }) => outcome === 'pending'));
  house.model.use([{ when: /do you open/, say: 'At eight in the morning.' }]);
  house.vapi.breaks(house.vapi.all.at(-1)!.id);
  await call.hears(/cut off/);
  await call.hearsAllOf(/At eight in the morning/);
  call.hangsUp();
  await house.expectQuiet();
  expect(house.vapi.all.filter(({ status }) => status !== 'queued')).toEqual([]);
});

test.each(['call.heard', 'turn.answered'])('where the hub dies at %s, the caller is told, and answered by the next one', async (point) => {
  const customer = house.customer();
  const call = customer.calls();
  await call.hearsAllOf(/How can I help you/);
  house.model.use([{ when: /do you open/, say: 'At eight in the morning.' }]);
  house.diesAt(point);
  house.twilio.fault({ kind: 'webhook-late', match: { event: 'voice', url: '/connect' }, delayMs: 30_000 });
  await call.says('When do you open?');
  await house.comesBack();
  await house.forward('30s');
  await call.hears(/cut off/);
  await call.hearsAllOf(/At eight in the morning/);
  call.hangsUp();
  await house.expectQuiet();
  const spoken = (await house.thread.messages(customer)).filter(({ body }) => /open/.test(body));
  expect(spoken).toHaveLength(1);
});

test('a caller who is back from a specialist, and whose new stream to Vapi cannot be opened, comes to the assistant all the same', async () => {
  const [lee] = await house.specialists(['Dr. Lee'], { keywords: ['a person please'] });
  const customer = house.customer();
  const call = customer.calls();
  await call.hearsAllOf(/How can I help you/);
  await call.says('A person, please!');
  const leg = await lee!.answers();
  await leg.presses('1');
  await house.thread.belongsTo(customer, 'specialist');
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'stream' } });
  leg.hangsUp();
  await call.hearsAllOf(/cut off/);
  house.model.next({ say: 'You are welcome.' });
  expect(await call.says('No, thank you.')).toBe('relay');
  await call.hearsAllOf(/You are welcome/);
  call.hangsUp();
  await house.expectQuiet();
});

test('where Vapi says no word of the end of a call, it ends all the same, and nothing of it stays there', async () => {
  const call = await house.vapi.rings({ from: '+15557010003', to: VAPIS_OWN });
  await house.settle();
  house.vapi.fault(...Array.from({ length: 20 }, () => 'lost' as const));
  call.hangsUp();
  await house.settle();
  house.vapi.heals();
  await house.forward('80m');
  await eventually('the call to be over', async () => (await house.database.query(`select 1 from calls where state <> 'ended'`)).length === 0);
  await eventually('Vapi to keep nothing', () => !house.vapi.all.some(({ id }) => id === call.id));
  await house.expectQuiet();
});

test('neither door opens to who is not Vapi, nor one call\'s ticket to another call', async () => {
  const [mine, theirs] = [await house.vapi.rings({ from: '+15557010001', to: VAPIS_OWN }), await house.vapi.rings({ from: '+15557010002', to: VAPIS_OWN })];
  await house.settle();
  const ticketOf = (id: string): string => house.vapi.sent.find(({ body, type }) => type === 'status-update' && body.includes(id))!.headers['x-throughline-call']!;
  const post = async (path: string, body: unknown, headers: Record<string, string>): Promise<number> => {
    const answer = await fetch(`${house.url}${path}`, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
    await answer.text();
    return answer.status;
  };
  const [asks, tells] = ['/vapi/chat/completions', '/webhooks/vapi'];
  const words = (id: string) => ({ messages: [{ role: 'user', content: 'What do you know of me?' }], call: { id } });
  const ends = (id: string) => ({ message: { type: 'status-update', status: 'ended', call: { id } } });
  const [ticket, other, secret] = [{ 'x-throughline-call': ticketOf(mine.id) }, { 'x-throughline-call': ticketOf(theirs.id) }, { 'x-vapi-secret': VAPI_SECRET }];
  const known = async (): Promise<unknown> => [house.model.turns().length, await house.database.query('select vapi_id, ended_at from vapi_calls order by vapi_id')];
  const before = await known();
  for (const headers of [{}, { authorization: 'Bearer no-api-key' }, { 'x-vapi-secret': 'not it' }, { ...secret, 'x-throughline-call': 'CA1.forged' }, { ...secret, 'x-signature': 'forged' }] as Record<string, string>[]) {
    expect([await post(asks, words(mine.id), headers), await post(tells, ends(mine.id), headers)]).toEqual([403, 403]);
  }
  expect([await post(asks, words(mine.id), other), await post(asks, words('of-nobody'), ticket), await post(asks, { messages: [] }, ticket)]).toEqual([403, 403, 403]);
  // Whoever may speak of another call only changes nothing; nor may they begin a call.
  expect([await post(tells, ends(mine.id), other), await post(tells, { message: { type: 'assistant-request', call: { id: 'new' }, phoneNumber: { number: VAPIS_OWN } } }, ticket)]).toEqual([200, 200]);
  expect([await post(asks, '{"messages":', ticket), await post(asks, words('\u0000'), ticket), await post(asks, { messages: 'no' }, ticket), await post(tells, 'x'.repeat(1_100_000), secret)]).toEqual([400, 400, 400, 413]);
  expect([await post(tells, { message: { type: 'something-new', call: { id: mine.id } } }, ticket), await post(tells, { message: { type: 'tool-calls', toolCallList: [{ id: 't1' }] } }, secret)]).toEqual([200, 200]);
  expect(await known()).toEqual(before);
  house.model.next({ say: 'Nothing yet.' });
  const whole = await fetch(`${house.url}${asks}`, { method: 'POST', headers: ticket, body: JSON.stringify(words(mine.id)) });
  expect(await whole.json()).toMatchObject({ object: 'chat.completion', choices: [{ message: { role: 'assistant', content: 'Nothing yet.' }, finish_reason: 'stop' }] });
  // What was sent once is of no use a second time: nothing is begun anew.
  mine.hangsUp();
  theirs.hangsUp();
  await eventually('both to be over', async () => (await house.database.query(`select 1 from calls where state <> 'ended'`)).length === 0);
  for (const sent of house.vapi.sent) if (sent.type !== 'assistant-request') await house.vapi.replay(sent);
  await house.expectQuiet();
});
