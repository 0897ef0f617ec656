import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** WhatsApp, where Twilio lets everything through: whatever stays behind was held back by the house. Their texts have ended, too. */
test('to somebody who said STOP nobody gets through: not the assistant, its tools, a hand-off, a colleague, the house itself, and not by another way', async () => {
  const customer = house.customer('whatsapp:+15557000011', 'whatsapp:+15550100001');
  const texts = house.customer('+15557000011');
  const sent = (): unknown[] => house.twilio.requests().filter(({ method, path, params }) =>
    method === 'POST' && path.endsWith('/Messages.json') && String(params['To']).endsWith(texts.address));
  texts.texts('STOP');
  await texts.expectsSms(/unsubscribed/);
  await house.thread.has(texts, 'in: STOP');
  customer.texts('STOP');
  await customer.expectsSms(/no more messages/);

  house.model.next({ say: 'A plain reply.' });
  customer.texts('What are your opening hours?');
  await house.thread.has(customer, 'out: A plain reply.');

  house.model.next({ callTool: { name: 'remember', arguments: { fact: 'Likes mornings' } } });
  house.model.next({ afterTool: 'remember', say: 'Words after a tool.' });
  customer.texts('I like mornings');
  await house.thread.has(customer, 'out: Words after a tool.');

  house.model.next({ callTool: { name: 'hand_off', arguments: { reason: 'angry', message: 'The line of a hand-off.' } } });
  customer.texts('I want a person');
  await house.thread.has(customer, 'out: The line of a hand-off.');

  await house.thread.types(customer, 'dana@clinic.example', 'Typed into the Conversation.');
  await house.thread.has(customer, 'out: Typed into the Conversation.');
  const { conversationSid } = await house.thread.conversation(customer);
  await house.api(`/conversations/${conversationSid}/messages`, { method: 'POST', body: { staff: 'Dana', body: 'Written through the API.' } });
  customer.texts('STOP');
  await house.thread.has(customer, 'in: STOP');

  await house.settle();
  const outbound = (await house.thread.messages(customer)).filter(({ direction }) => direction === 'outbound');
  expect(outbound.slice(1).map(({ body, status }) => `${status}: ${body}`)).toEqual([
    'A plain reply.', 'Words after a tool.', 'The line of a hand-off.', 'Typed into the Conversation.', 'Written through the API.',
  ].map((body) => `suppressed: ${body}`));
  expect(sent()).toHaveLength(1);
  await house.expectQuiet();
});

test('a colleague notes a consent through the API, and the ledger shows it beside what the person wrote', async () => {
  const customer = house.customer();
  customer.texts('START');
  await house.thread.has(customer, 'in: START');
  const { items: [contact] } = await house.api<{ items: { id: string; addresses: { id: string }[] }[] }>('/contacts?limit=200')
    .then(({ items }) => ({ items: items.slice(-1) }));
  const path = `/contacts/${contact!.id}/consents`;
  const body = { addressId: contact!.addresses[0]!.id, purpose: 'marketing', state: 'opted_in', wording: 'May we text you offers?', staff: 'Dana' };
  await house.api(path, { method: 'POST', body });
  expect(await house.api(path)).toMatchObject({
    items: [{ source: 'keyword', wording: 'START' }, { source: 'staff', purpose: 'marketing', recordedBy: 'Dana', sender: '*' }], current: [{}, {}], nextCursor: null,
  });
  const refused = await house.call(path, { method: 'POST', body: { ...body, purpose: 'everything', wording: ' ' } });
  expect([refused.status, ((await refused.json()) as { errors: { path: string }[] }).errors.map((error) => error.path).sort()]).toEqual([400, ['purpose', 'wording']]);
  await house.expectQuiet();
});
