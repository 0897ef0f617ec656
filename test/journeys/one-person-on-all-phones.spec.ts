import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Customer } from '../harness/customer.js';
import { type House, openHouse } from '../harness/house.js';
import { CLINIC_RCS } from '../harness/rcs.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ environment: { TURN_QUIET_MS: '800' } });
  await house.twilio.addNumber({ accountSid: house.account.sid, phoneNumber: CLINIC_RCS, smsUrl: `${house.url}/webhooks/twilio/messaging` });
});
afterAll(() => house.close());

/** One phone with three apps. */
const person = (number: string): Customer[] =>
  [house.customer(number), house.customer(`whatsapp:${number}`, 'whatsapp:+15550100001'), house.customer(`rcs:${number}`, CLINIC_RCS)];

test('twenty first texts at once, on every channel of one person, make one contact and one Conversation', async () => {
  const apps = person('+15557000031');
  house.model.use(async () => [{ say: 'I have read all of it.' }]);
  const sids = Array.from({ length: 20 }, (_, n) => apps[n % 3]!.texts(`text ${n}`));
  for (const sid of sids) await house.knows(sid);
  await house.settle();

  const lines = await house.thread.messages(apps[0]!);
  const inbound = lines.filter(({ direction }) => direction === 'inbound');
  expect(inbound.map(({ body }) => body).sort()).toEqual(Array.from({ length: 20 }, (_, n) => `text ${n}`).sort());
  expect(new Set(inbound.map(({ channel }) => channel))).toEqual(new Set(['sms', 'whatsapp', 'rcs']));
  expect(house.twilio.conversations()).toHaveLength(1);
  const { items: contacts } = await house.api<{ items: { addresses: { channel: string; address: string; trust: string }[] }[] }>('/contacts');
  expect(contacts).toHaveLength(1);
  expect(contacts[0]!.addresses.map(({ channel, address, trust }) => `${channel} ${address} ${trust}`).sort())
    .toEqual(['rcs', 'sms', 'whatsapp'].map((channel) => `${channel} +15557000031 carrier_verified`));
  const participants = house.twilio.conversations()[0]!.participants.map(({ identity }) => identity).sort();
  expect(participants).toEqual(['rcs:+15557000031', 'sms:+15557000031', 'whatsapp:+15557000031']);
  // One reply, or two where the texts took longer than the quiet time to come in; each to where the last of them came from.
  for (const app of apps) while (app.unexpected().length > 0) await app.expectsSms(/read all of it/);
  expect(lines.filter(({ direction }) => direction === 'outbound').length).toBeLessThanOrEqual(3);
  await house.expectQuiet();
});

test('what was learned on one channel is known on the others, and the answer goes where the person writes', async () => {
  house.model.reset();
  const [sms, whatsapp, rcs] = person('+15557000032') as [Customer, Customer, Customer];
  house.model.next({ callTool: { name: 'remember', arguments: { fact: 'Is allergic to penicillin' } } });
  house.model.next({ afterTool: 'remember', say: 'Noted.' });
  sms.texts('Please remember that I am allergic to penicillin');
  await sms.expectsSms(/Noted/);
  for (const app of [whatsapp, rcs]) {
    house.model.next({ say: `You are allergic to penicillin (${app.address}).` });
    app.texts('What am I allergic to?');
    await app.expectsSms(/penicillin/);
    expect(JSON.stringify(house.model.turns().at(-1)!.body.messages)).toContain('- Is allergic to penicillin');
  }
  await house.expectQuiet();
});
