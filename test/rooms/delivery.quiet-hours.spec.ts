import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ConsentsService } from '../../src/contacts/consents.service.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import { busy, type Customer, DeliveryRoom, noAnswer } from './delivery.room.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let room: DeliveryRoom;
const setHours = (quietHours: unknown): Promise<unknown> => room.service(TenancyService).changeTenant(room.tenant.id, { settings: { quietHours } });
beforeAll(async () => {
  room = await DeliveryRoom.open();
  await setHours({ from: '21:00', to: '08:00' });
});
afterAll(() => room.close());
beforeEach(() => {
  room.anew();
  forwardTo('20:00');
});

/** The next time that it is so late in UTC. */
function forwardTo(time: string): void {
  const now = room.clock.now();
  const then = new Date(`${now.toISOString().slice(0, 10)}T${time}:00.000Z`).getTime();
  room.clock.forward(then - now.getTime() + (then <= now.getTime() ? DAY : 0));
}

async function held(body: string, customer?: Customer): Promise<{ customer: Customer; reply: string }> {
  const who = customer ?? (await room.customer());
  forwardTo('22:00');
  const reply = await who.hears(body);
  const again = await room.send(reply);
  expect(again).toEqual({ again: new Date(room.clock.ms() + 10 * HOUR) });
  return { customer: who, reply };
}

test('what is no answer waits for the morning, and says so; asked again meanwhile it still waits', async () => {
  const { customer, reply } = await held('Your prescription is ready.');
  expect(await customer.stands(reply)).toEqual({ status: 'retry_wait', why: expect.stringMatching(/^Quiet hours from 21:00 to 08:00 \(UTC\): waits until 20.*T08:00/) });
  expect(await customer.deliveryOf(reply)).toMatchObject({ state: 'retry_wait', attempt: 0, heldUntil: room.clock.in(10 * HOUR) });
  room.clock.forward(HOUR);
  expect(await room.send(reply)).toEqual({ again: room.clock.in(9 * HOUR) });
  expect(room.provider.asked).toEqual([]);
  forwardTo('08:00');
  await room.send(reply);
  expect(await customer.stands(reply)).toEqual({ status: 'sent', why: null });
});

test('an answer to what was written just now goes out at any hour; half an hour later it is none any more', async () => {
  const customer = await room.customer();
  forwardTo('23:00');
  await customer.writes('Are you there?');
  room.clock.forward(30 * MINUTE);
  await room.send(await customer.hears('Yes.'));
  room.clock.forward(1);
  await room.send(await customer.hears('By the way: happy new year.'));
  expect(room.provider.asked).toEqual(['Yes.']);
});

test('a colleague\'s own words, and what has to be known in time, go out at any hour', async () => {
  const customer = await room.customer();
  const { contactId } = await customer.conversation();
  const [address] = await room.rows<{ id: string }>('select id from addresses where contact_id = $1', [contactId]);
  await room.service(ConsentsService).record(room.tenant.id, contactId, {
    addressId: address!.id, purpose: 'alerts', state: 'opted_in', source: 'form', wording: 'Text me what I must know.', evidence: null, recordedBy: 'Dana',
  });
  forwardTo('23:00');
  await room.send(await customer.hearsDana('Dana here, it is urgent.'));
  await customer.owner('staff_handed_back');
  room.clock.forward(MINUTE);
  const alert = await customer.hears('The water is shut off at six.');
  await room.rows(`update messages set purpose = 'alerts' where id = $1`, [alert]);
  await room.send(alert);
  expect(room.provider.asked).toEqual(['Dana here, it is urgent.', 'The water is shut off at six.']);
});

test('the night is the person\'s own where their number tells it, and the tenant\'s where it does not', async () => {
  const [tokyo, nowhere] = [await room.customer('sms', '+819012345678'), await room.customer('whatsapp', 'ada.lovelace')];
  forwardTo('09:00');
  for (const customer of [tokyo, nowhere]) await room.send(await customer.hears(`Good day, ${customer.address}.`));
  forwardTo('15:00');
  const late = await tokyo.hears('It is midnight in Tokyo.');
  expect(await room.send(late)).toEqual({ again: room.clock.in(8 * HOUR) });
  forwardTo('22:00');
  await room.send(await nowhere.hears('It is night in the clinic.'));
  expect(room.provider.asked).toEqual(['Good day, +819012345678.', 'Good day, ada.lovelace.']);
});

test('what waits for the morning holds up no answer in the night', async () => {
  const { customer } = await held(`A long one. ${'word '.repeat(40)}`);
  await customer.writes('I cannot sleep. When do you open?');
  await room.send(await customer.hears('At eight.'));
  expect(room.provider.asked).toEqual(['At eight.']);
});

test('a provider that is busy in the morning is tried again', async () => {
  const { reply } = await held('Your prescription is ready.');
  forwardTo('08:00');
  room.provider.failures.push(busy(MINUTE));
  expect(await room.send(reply)).toEqual({ again: expect.any(Date) });
  room.clock.forward(2 * MINUTE);
  await room.send(reply);
  expect(room.provider.asked).toHaveLength(2);
});

test('an attempt of unknown outcome is looked for in the night, and sent again in the morning', async () => {
  const customer = await room.customer();
  forwardTo('20:59');
  const reply = await customer.hears('Your prescription is ready.');
  room.provider.failures.push(noAnswer());
  await room.send(reply);
  forwardTo('21:05');
  expect(await room.send(reply)).toEqual({ again: room.clock.now() });
  expect(await room.send(reply)).toEqual({ again: room.clock.in(10 * HOUR + 55 * MINUTE) });
  expect([room.provider.looks, room.provider.asked.length]).toEqual([1, 1]);
  await customer.writes('I cannot sleep.');
  await room.send(await customer.hears('Neither can I.'));
  forwardTo('08:00');
  await room.send(reply);
  expect(room.provider.asked).toEqual(['Your prescription is ready.', 'Neither can I.', 'Your prescription is ready.']);
});

test('a WhatsApp message that leaves as a text waits for the morning where that number is', async () => {
  await room.tenancy.addSender(room.tenant.id, { channel: 'sms', address: '+15550000001', origin: 'api' });
  const customer = await room.customer('whatsapp', 'grace.hopper');
  await customer.writes('Hello', 'whatsapp', { alsoKnownAs: '+819012345678' });
  forwardTo('15:00');
  room.clock.forward(2 * DAY);
  const late = await customer.hears('It is midnight in Tokyo.');
  expect(await room.send(late)).toEqual({ again: room.clock.in(8 * HOUR) });
  room.clock.forward(8 * HOUR);
  await room.send(late);
  expect(room.provider.sent.at(-1)).toMatchObject({ channel: 'sms', address: '+819012345678' });
});

test('a STOP, or a colleague\'s words, in the meantime end the waiting for good', async () => {
  const [first, second] = [await held('One.'), await held('Two.', await room.customer())];
  await first.customer.writes('STOP');
  await second.customer.hearsDana('I am on it.');
  forwardTo('08:00');
  for (const { customer, reply } of [first, second]) {
    await room.send(reply);
    expect((await customer.stands(reply)).status).toBe('suppressed');
  }
  expect(room.provider.asked).toEqual([]);
});
