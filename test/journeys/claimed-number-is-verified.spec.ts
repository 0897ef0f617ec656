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
  addresses: { id: string; address: string; trust: string }[];
}

async function talks(customer: Customer): Promise<Contact> {
  house.model.next({ callTool: { name: 'remember', arguments: { fact: 'Prefers mornings' } } });
  house.model.next({ afterTool: 'remember', say: 'Noted.' });
  customer.texts('I prefer mornings');
  await customer.expectsSms(/Noted/);
  const { conversationSid } = await house.thread.conversation(customer);
  const { contactId } = await house.api<{ contactId: string }>(`/conversations/${conversationSid}`);
  return house.api(`/contacts/${contactId}`);
}

const shown = (): string => JSON.stringify(house.model.turns().at(-1)!.body.messages);

test('a number that is only claimed opens no memory, until its owner reads a code off the phone', async () => {
  const customer = house.customer();
  const contact = await talks(customer);
  // No door makes claims yet: as if the number had come in with a caller id that nobody signed.
  await house.database.query(`update addresses set trust = 'claimed' where id = $1`, [contact.addresses[0]!.id]);
  house.model.next({ say: 'Who are you?' });
  customer.texts('What do you know of me?');
  await customer.expectsSms(/Who are you/);
  expect(shown()).toContain('not opened: they have not shown who they are');
  expect(shown()).not.toContain('- Prefers mornings');

  const path = `/contacts/${contact.id}/addresses/${contact.addresses[0]!.id}/verification`;
  await house.api(path, { method: 'POST' });
  const code = /is: (\d{6})$/.exec(await customer.expectsSms(/verification code/))![1]!;
  const again = await house.call(path, { method: 'POST' });
  expect([again.status, Number(again.headers.get('retry-after')) > 0]).toEqual([429, true]);
  const guess = code === '000000' ? '111111' : '000000';
  expect(await house.api(`${path}/check`, { method: 'POST', body: { code: guess } })).toMatchObject({ outcome: 'wrong', address: { trust: 'claimed' } });
  expect((await house.call(`${path}/check`, { method: 'POST', body: { code: 'no code' } })).status).toBe(400);
  expect(await house.api(`${path}/check`, { method: 'POST', body: { code } })).toMatchObject({ outcome: 'verified', address: { trust: 'verified' } });

  house.model.next({ say: 'You prefer mornings.' });
  customer.texts('And now?');
  await customer.expectsSms(/You prefer mornings/);
  expect(shown()).toContain('- Prefers mornings');
  expect(house.log).not.toContain(code);
  await house.expectQuiet();
});
