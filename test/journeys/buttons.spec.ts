import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Customer } from '../harness/customer.js';
import { type House, openHouse } from '../harness/house.js';
import { hasRcs, rcsPerson } from '../harness/rcs.js';
import { person } from '../harness/whatsapp.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await hasRcs(house, true);
});
afterAll(() => house.close());

const REPLIES = ['Tuesday at 10:30', 'Friday at 9:15'];

/** Somebody asks for a time, and the assistant suggests two. @returns what stands below its answer on the phone */
async function asksForATime(customer: Customer, replies = REPLIES): Promise<string[]> {
  house.model.next({ callTool: { name: 'offer_replies', arguments: { message: 'Gladly. Which one suits you?', replies } } });
  customer.texts('Do you have a slot?');
  await customer.expectsSms(/^Gladly\. Which one suits you\?/);
  await house.thread.stands(customer, 'delivered');
  return house.twilio.phone(customer.address).messages.at(-1)!.buttons.map(({ text }) => text);
}

async function taps(customer: Customer, button: string, comesBack: object = { button: { text: button, payload: button } }): Promise<void> {
  const offered = (await house.thread.messages(customer)).at(-1)!;
  expect(offered.details?.buttons).toEqual(expect.arrayContaining([{ id: button, text: button }]));
  house.model.next({ say: 'Booked.' });
  house.twilio.tap(house.twilio.phone(customer.address).messages.at(-1)!.sid, button);
  await customer.expectsSms(/^Booked/);
  const tap = (await house.thread.messages(customer)).at(-2)!;
  expect(tap).toMatchObject({ direction: 'inbound', body: button, inReplyTo: offered.id, details: comesBack });
}

test('on WhatsApp suggested replies are buttons; a tap comes back as its text, with its id', async () => {
  const { whatsapp } = person(house);
  expect(await asksForATime(whatsapp)).toEqual(REPLIES);
  await taps(whatsapp, 'Friday at 9:15');
  expect(JSON.stringify(house.model.turns().at(-1)!.body.messages)).toContain('they were offered as replies: Tuesday at 10:30 | Friday at 9:15');
  await house.expectQuiet();
});

test('more of them are a list', async () => {
  const { whatsapp } = person(house);
  const five = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];
  expect(await asksForATime(whatsapp, five)).toEqual(five);
  await taps(whatsapp, 'Thursday', { list: { id: 'Thursday', title: 'Thursday' } });
  await house.expectQuiet();
});

test('on RCS they can be tapped, too; on a phone without it they are numbered lines', async () => {
  const { rcs, sms } = rcsPerson(house);
  expect(await asksForATime(rcs)).toEqual(REPLIES);
  await taps(rcs, 'Tuesday at 10:30');
  rcs.hasPhone('undelivered:63036');
  house.model.next({ callTool: { name: 'offer_replies', arguments: { message: 'Shall I remind you?', replies: ['Yes', 'No'] } } });
  rcs.texts('Thank you');
  await sms.expectsSms(/^Shall I remind you\?\n1: Yes\n2: No$/);
  await house.expectQuiet();
});

test('by SMS they are numbered lines, and a number is as good as a tap', async () => {
  const customer = house.customer();
  expect(await asksForATime(customer)).toEqual([]);
  expect(customer.inbox().at(-1)!.body).toBe('Gladly. Which one suits you?\n1: Tuesday at 10:30\n2: Friday at 9:15');
  house.model.next({ say: 'Booked.' });
  customer.texts('2');
  await customer.expectsSms(/^Booked/);
  expect((await house.thread.messages(customer)).at(-2)).toMatchObject({ body: '2', details: { button: { text: 'Friday at 9:15', payload: 'Friday at 9:15' }, words: ['chose: Friday at 9:15'] } });
  await house.expectQuiet();
});

test('content is made at Twilio once for each shape, and when somebody deletes it there, the words go without', async () => {
  const made = (): number => house.twilio.requests().filter(({ method, path }) => method === 'POST' && path === '/v1/Content').length;
  const { whatsapp } = person(house);
  await asksForATime(whatsapp, ['Morning', 'Evening']);
  const before = made();
  await asksForATime(whatsapp, ['Today', 'Never']);
  expect(made()).toBe(before);
  const { sid, authToken } = house.account;
  const [{ contentSid }] = await house.database.query<{ contentSid: string }>(`select content_sid as "contentSid" from contents where shape = 'quick-reply/2/e'`) as [{ contentSid: string }];
  await fetch(`${house.twilioOrigin}/v1/Content/${contentSid}`, { method: 'DELETE', headers: { Authorization: `Basic ${btoa(`${sid}:${authToken}`)}`, 'X-Twilio-Host': 'content.twilio.com' } });
  expect(await asksForATime(whatsapp, ['Now', 'Later'])).toEqual([]);
  expect(whatsapp.inbox().at(-1)!.body).toContain('\n1: Now\n2: Later');
  expect(await asksForATime(whatsapp, ['Soon', 'Later'])).toEqual(['Soon', 'Later']);
  await house.expectQuiet();
});
