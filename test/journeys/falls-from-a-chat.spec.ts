import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FRONT_DESK, type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await house.api('/senders', { method: 'POST', body: { channel: 'sms', address: FRONT_DESK } });
});
afterAll(() => house.close());

const HOURS = /open Monday to Friday/;

test('who wants nothing in their chat is written to where they text, and the page shows nothing of it', async () => {
  const sam = house.customer();
  const visitor = await (await house.visitor()).opens();
  await visitor.post('/lead', { phone: sam.address });
  await visitor.post('/lead/code', { address: 'phone' });
  const code = /is: (\d{6})$/.exec(await sam.expectsSms(/verification code/))![1]!;
  await visitor.post('/lead/check', { address: 'phone', code });
  sam.texts('What are your opening hours?');
  await sam.expectsSms(HOURS);
  await visitor.post('/messages', { clientId: randomUUID(), body: 'What are your opening hours?' });
  await house.thread.stands(visitor, 'sent');
  const { conversationSid } = await house.thread.conversation(visitor);
  const { contactId } = await house.api<{ contactId: string }>(`/conversations/${conversationSid}`);
  const { addresses } = await house.api<{ addresses: { id: string; channel: string }[] }>(`/contacts/${contactId}`);
  const addressId = addresses.find(({ channel }) => channel === 'chat')!.id;
  await house.api(`/contacts/${contactId}/consents`, { method: 'POST', body: { addressId, purpose: 'everything', state: 'opted_out', wording: 'Text me instead', staff: 'Dana' } });
  await house.api(`/conversations/${conversationSid}/messages`, { method: 'POST', body: { body: 'Dana here: see you at nine.', staff: 'Dana' } });
  await sam.expectsSms(/^Dana here/);
  expect(await house.thread.stands(visitor, 'delivered')).toMatchObject({ channel: 'chat', via: { channel: 'sms' } });
  expect(await visitor.lines()).toEqual(['in: What are your opening hours?', expect.stringMatching(HOURS)]);
  await house.expectQuiet();
});
