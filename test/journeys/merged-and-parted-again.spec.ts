import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Customer } from '../harness/customer.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

interface Contact {
  id: string;
  mergedInto: string | null;
  addresses: { address: string }[];
}

async function greets(customer: Customer): Promise<{ contactId: string; conversationSid: string }> {
  house.model.next({ say: 'Good morning.' });
  customer.texts('Hello');
  await customer.expectsSms(/Good morning/);
  const conversation = await house.thread.conversation(customer);
  return (await house.api<{ contactId: string; conversationSid: string }>(`/conversations/${conversation.conversationSid}`));
}

const inbound = async (conversationSid: string): Promise<string[]> =>
  (await house.api<{ direction: string; body: string }[]>(`/conversations/${conversationSid}/messages?limit=100`)).filter(({ direction }) => direction === 'inbound').map(({ body }) => body);

test('two numbers of one person become one thread with one memory, and two again when it was a mistake', async () => {
  const [old, present] = [house.customer(), house.customer()];
  const [first, second] = [await greets(old), await greets(present)];
  house.model.next({ callTool: { name: 'remember', arguments: { fact: 'Prefers mornings' } } });
  house.model.next({ afterTool: 'remember', say: 'Noted.' });
  old.texts('I prefer mornings');
  await old.expectsSms(/Noted/);

  const merge = await house.api<{ id: string }>(`/contacts/${first.contactId}/merge`, { method: 'POST', body: { intoContactId: second.contactId, staff: 'Dana', reason: 'new phone' } });
  house.model.next({ say: 'You prefer mornings.' });
  old.texts('What do I prefer?');
  await old.expectsSms(/You prefer mornings/);
  expect(JSON.stringify(house.model.turns().at(-1)!.body.messages)).toContain('- Prefers mornings');
  expect(await inbound(second.conversationSid)).toEqual(['Hello', 'What do I prefer?']);
  expect(await inbound(first.conversationSid)).toEqual(['Hello', 'I prefer mornings']);
  const { items: timeline } = await house.api<{ items: { body: string }[] }>(`/contacts/${second.contactId}/timeline`);
  expect(timeline.map(({ body }) => body)).toEqual(expect.arrayContaining(['I prefer mornings', 'What do I prefer?']));
  const refused = await house.call(`/conversations/${first.conversationSid}/messages`, { method: 'POST', body: { staff: 'Dana', body: 'Too late' } });
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([409, 'merged']);
  await house.thread.isMirrored(present);
  expect(house.twilio.conversation(second.conversationSid).participants.map(({ identity }) => identity).sort()).toEqual([`sms:${old.address}`, `sms:${present.address}`].sort());

  await house.api(`/contacts/merges/${merge.id}/undo`, { method: 'POST', body: { staff: 'Dana' } });
  house.model.next({ say: 'Hello again.' });
  old.texts('And now?');
  await old.expectsSms(/Hello again/);
  expect(await inbound(first.conversationSid)).toEqual(['Hello', 'I prefer mornings', 'And now?']);
  const [one, other] = [await house.api<Contact>(`/contacts/${first.contactId}`), await house.api<Contact>(`/contacts/${second.contactId}`)];
  expect([one, other].map(({ mergedInto, addresses }) => [mergedInto, addresses.map(({ address }) => address)])).toEqual([[null, [old.address]], [null, [present.address]]]);
  await house.expectQuiet();
});

test('texts that come in while a colleague merges are each received once', async () => {
  const [old, present] = [house.customer(), house.customer()];
  const [first, second] = [await greets(old), await greets(present)];
  await house.api(`/conversations/${second.conversationSid}/owner`, { method: 'POST', body: { event: 'staff_took_over', staff: 'Dana' } });
  const bodies = Array.from({ length: 12 }, (_, n) => `text ${n}`);
  const sids: string[] = [];
  const merged = house.api(`/contacts/${first.contactId}/merge`, { method: 'POST', body: { intoContactId: second.contactId, staff: 'Dana' } });
  house.model.use(async () => [{ say: 'One moment.' }]);
  for (const body of bodies) sids.push(old.texts(body));
  await merged;
  for (const sid of sids) await house.knows(sid);
  await house.settle();
  const landed = [...(await inbound(first.conversationSid)), ...(await inbound(second.conversationSid))].filter((body) => body.startsWith('text'));
  expect(landed.sort()).toEqual(bodies.toSorted());
  while (old.unexpected().length > 0) await old.expectsSms(/One moment/);
  await house.expectQuiet();
});
