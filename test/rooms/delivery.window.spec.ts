import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ConsentsService } from '../../src/contacts/consents.service.js';
import { ContactsService } from '../../src/contacts/contacts.service.js';
import { busy, type Customer, DeliveryRoom, noAnswer, optedOut } from './delivery.room.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const OURS = '+15550000001';
const TEMPLATE = `HX${'1'.repeat(32)}`;
const reopenTemplate = { contentSid: TEMPLATE, variables: { 1: 'firstName', 2: 'reply' } };

let room: DeliveryRoom;
beforeAll(async () => {
  room = await DeliveryRoom.open();
});
afterAll(() => room.close());
beforeEach(async () => {
  room.clock.forward(DAY);
  room.provider.sent.length = 0;
  room.provider.look = { outcome: 'absent' };
  room.provider.meanwhile = () => undefined;
  await settings(reopenTemplate);
});

const settings = (template: typeof reopenTemplate | null): Promise<unknown> =>
  room.tenancy.changeTenant(room.tenant.id, { settings: { whatsapp: { reopenTemplate: template } } });
const ways = (): string[] => room.provider.sent.map(({ channel, contentSid }) => (contentSid ? `${channel} template` : channel));
const via = async (customer: Customer, id: string) => (await customer.thread()).find((message) => message.id === id)!.via;
/** Sends until nothing more is to be done. */
async function sendAll(id: string): Promise<void> {
  for (let again: unknown = true; again; ) again = await room.send(id).then((outcome) => outcome && outcome.again <= room.clock.now());
}

test('inside the window it goes as it was said; outside as the template, with its words in one line', async () => {
  const customer = await room.customer('whatsapp');
  await sendAll(await customer.hears('In time'));
  room.clock.forward(DAY - 5 * 60_000);
  const late = await customer.hears('Too\nlate');
  await sendAll(late);
  expect(ways()).toEqual(['whatsapp', 'whatsapp template']);
  expect(room.provider.sent[1]).toMatchObject({ contentSid: TEMPLATE, contentVariables: { 1: 'there', 2: 'Too late' }, address: customer.address });
  expect(await via(customer, late)).toMatchObject({ channel: 'whatsapp', contentSid: TEMPLATE, why: expect.stringContaining('that was over at') });
});

describe('without a template', () => {
  beforeEach(() => settings(null));

  test('and without a number for text messages nothing goes, and people are told', async () => {
    const customer = await room.customer('whatsapp');
    room.clock.forward(DAY);
    const late = await customer.hears('Too late');
    await sendAll(late);
    expect(ways()).toEqual([]);
    expect(await customer.stands(late)).toEqual({ status: 'suppressed', why: expect.stringContaining('; no template is set up; there is no sender for text messages') });
    expect([(await customer.conversation()).owner, await customer.ownerBecause()]).toEqual(['queued', expect.stringContaining('a reply did not reach the customer')]);
  });

  test('it goes by SMS from the number that they know, and the thread says so', async () => {
    for (const address of ['+15550000009', OURS]) await room.tenancy.addSender(room.tenant.id, { channel: 'sms', address, origin: 'api' });
    const customer = await room.customer('whatsapp');
    room.clock.forward(DAY);
    const late = await customer.hears('Too late');
    await sendAll(late);
    expect(room.provider.sent).toMatchObject([{ channel: 'sms', sender: OURS, address: customer.address, body: 'Too late' }]);
    expect(await via(customer, late)).toMatchObject({ channel: 'sms', sender: OURS, address: customer.address, contentSid: null });
  });

  test('somebody who said STOP to any of our numbers gets no SMS from another', async () => {
    const customer = await room.customer('whatsapp');
    await room.conversations.receive(room.tenant, {
      providerSid: 'SM-stop', channel: 'rcs', address: customer.address, sender: 'clinic', body: 'STOP', media: [], receivedAt: room.clock.now(),
    });
    await customer.writes('STOP', 'sms');
    room.clock.forward(DAY);
    const late = await customer.hears('Too late');
    await sendAll(late);
    expect([ways(), await customer.stands(late)]).toEqual([[], { status: 'suppressed', why: expect.stringContaining('has opted out of text messages') }]);
  });

  test('consent to offers on WhatsApp is none to offers by SMS; a consent to those lets them go', async () => {
    const customer = await room.customer('whatsapp');
    const agreesOn = async (channel: string): Promise<void> => {
      const { id, addresses } = await room.service(ContactsService).contact(room.tenant.id, (await customer.conversation()).contactId);
      const addressId = addresses.find((address) => address.channel === channel)!.id;
      await room.service(ConsentsService).record(room.tenant.id, id, { addressId, purpose: 'marketing', state: 'opted_in', source: 'form', wording: 'Yes.', evidence: null, recordedBy: 'Dana' });
    };
    const offered = async (): Promise<{ status: string; why: string | null }> => {
      const id = await customer.hears('An offer');
      await room.rows(`update messages set purpose = 'marketing' where id = $1`, [id]);
      await sendAll(id);
      return customer.stands(id);
    };
    await agreesOn('whatsapp');
    await customer.writes('By SMS', 'sms');
    await customer.writes('Hello', 'whatsapp');
    room.clock.forward(DAY);
    expect(await offered()).toEqual({ status: 'suppressed', why: expect.stringContaining(`${customer.address} has not agreed to marketing from ${OURS}`) });
    await customer.owner('staff_took_over');
    await customer.owner('staff_handed_back');
    room.clock.forward(1_000);
    await agreesOn('sms');
    expect([await offered(), ways()]).toEqual([{ status: 'sent', why: null }, ['sms']]);
  });

  test('Twilio knows of a STOP that we did not hear: people are told, who can still be written to on WhatsApp', async () => {
    const customer = await room.customer('whatsapp');
    room.clock.forward(DAY);
    room.provider.failures.push(optedOut());
    const late = await customer.hears('Too late');
    await sendAll(late);
    expect([ways(), (await customer.conversation()).owner]).toEqual([['sms'], 'queued']);
    expect(await via(customer, late)).toBeNull();
  });
});

describe('while it is being sent', () => {
  test('the outcome unknown and the window closed meanwhile: it is looked for first, and what is not there goes as the template', async () => {
    const customer = await room.customer('whatsapp');
    room.clock.forward(DAY - 6 * 60_000);
    const said = await customer.hears('Just in time');
    room.provider.failures.push(noAnswer());
    await room.send(said);
    room.clock.forward(2 * 60_000);
    await sendAll(said);
    expect(ways()).toEqual(['whatsapp', 'whatsapp template']);
  });

  test('the outcome unknown, but it is found: it is not sent again, whatever the window says', async () => {
    const customer = await room.customer('whatsapp');
    room.clock.forward(DAY - 6 * 60_000);
    const said = await customer.hears('Just in time');
    room.provider.failures.push(noAnswer());
    await room.send(said);
    room.clock.forward(2 * 60_000);
    room.provider.look = { outcome: 'found', providerSid: 'SM-found' };
    await sendAll(said);
    expect([ways(), await customer.stands(said)]).toEqual([['whatsapp'], { status: 'sent', why: null }]);
  });

  test('the window closes between the claim and the sending: nothing leaves under that claim', async () => {
    const customer = await room.customer('whatsapp');
    room.clock.forward(DAY - 6 * 60_000);
    const said = await customer.hears('Just in time');
    room.provider.failures.push(noAnswer());
    await room.send(said);
    room.clock.forward(30_000);
    room.provider.meanwhile = () => room.clock.forward(60_000);
    await sendAll(said);
    expect(ways()).toEqual(['whatsapp', 'whatsapp template']);
  });
});

test.each([63_040, 63_041, 63_027, 63_028, 63_016])('the template comes back as %i: it goes by SMS, once', async (code) => {
  const customer = await room.customer('whatsapp');
  room.clock.forward(DAY);
  const late = await customer.hears('Too late');
  await sendAll(late);
  await customer.receipt(late, 'failed', code);
  await sendAll(late);
  expect([ways(), (await via(customer, late))?.channel]).toEqual([['whatsapp template', 'sms'], 'sms']);
  expect((await via(customer, late))?.why).toContain('the template was refused');
});

test('the window opens again while a retry waits: it goes as it was said, and the thread no longer speaks of another way', async () => {
  const customer = await room.customer('whatsapp');
  room.clock.forward(DAY);
  const late = await customer.hears('Too late');
  room.provider.failures.push(noAnswer());
  await room.send(late);
  room.clock.forward(60_000);
  await customer.writes('Hello again', 'whatsapp');
  await sendAll(late);
  expect([ways(), await via(customer, late)]).toEqual([['whatsapp template', 'whatsapp'], null]);
});

/** One attempt: what the provider answers, what time goes by while it is looked for, and until the next one. */
const attempt = fc.record({
  answer: fc.constantFrom('takes it', 'busy', 'hangs before', 'hangs after'), meanwhile: fc.oneof(fc.constant(0), fc.nat(10 * MINUTE)), wait: fc.oneof(fc.nat(2 * MINUTE), fc.nat(HOUR)),
});

test('whatever happens on the way, no free text is handed to the provider after the closing time, and nothing arrives twice', async () => {
  const timeline = fc.record({ saidAfter: fc.integer({ min: DAY - 20 * MINUTE, max: DAY - 4 * MINUTE }), attempts: fc.array(attempt, { minLength: 1, maxLength: 6 }), template: fc.boolean() });
  await fc.assert(fc.asyncProperty(timeline, async ({ saidAfter, attempts, template }) => {
    await settings(template ? reopenTemplate : null);
    const customer = await room.customer('whatsapp');
    const closes = room.clock.ms() + DAY - 5 * MINUTE;
    const [late, arrived]: [string[], string[]] = [[], []];
    room.clock.forward(saidAfter);
    const said = await customer.hears('Hello');
    for (const { answer, meanwhile, wait } of attempts) {
      room.provider.meanwhile = () => room.clock.forward(meanwhile);
      room.provider.look = arrived.length > 0 ? { outcome: 'found', providerSid: `SM-found-${customer.sid}` } : { outcome: 'absent' };
      room.provider.onSend = ({ channel, contentSid }) => {
        if (channel === 'whatsapp' && !contentSid && room.clock.ms() >= closes) late.push(answer);
        if (answer === 'takes it' || answer === 'hangs after') arrived.push(channel);
      };
      if (answer !== 'takes it') room.provider.failures.push(answer === 'busy' ? busy() : noAnswer());
      await room.send(said);
      room.provider.failures.length = 0;
      room.clock.forward(wait);
    }
    expect([late, arrived.length <= 1]).toEqual([[], true]);
  }), { numRuns: 60 });
  room.provider.onSend = () => undefined;
});
