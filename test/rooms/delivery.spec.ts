import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { busy, DeliveryRoom, noAnswer, optedOut } from './delivery.room.js';

const MINUTE = 60_000;

let room: DeliveryRoom;
beforeAll(async () => {
  room = await DeliveryRoom.open();
});
afterAll(() => room.close());
beforeEach(() => room.anew());

describe('the assistant does not talk over people', () => {
  test('a reply that Twilio was too busy for stays behind what a colleague has written since, and says why', async () => {
    const customer = await room.customer();
    const reply = await customer.hears('We open at eight.');
    room.provider.failures.push(busy(120_000));
    await room.send(reply);
    room.clock.forward(1_000);
    const words = await customer.hearsDana('Dana here: we are closed today.');
    await room.send(words);
    room.clock.forward(120_000);
    await room.send(reply);
    expect(room.provider.asked).toEqual(['We open at eight.', 'Dana here: we are closed today.']);
    expect(await customer.stands(reply)).toEqual({ status: 'suppressed', why: 'Dana has written to the customer since' });
    expect(await customer.stands(words)).toMatchObject({ status: 'sent' });
  });

  test('a reply also gives way to a colleague who has taken over, and has not written yet', async () => {
    const customer = await room.customer();
    const reply = await customer.hears('We open at eight.');
    room.clock.forward(5);
    await customer.owner('staff_took_over');
    await room.send(reply);
    expect(await customer.stands(reply)).toMatchObject({ status: 'suppressed', why: expect.stringContaining('A colleague has taken over since') });
    expect(room.provider.asked).toEqual([]);
  });

  test('to one who looked in and handed back without a word it does not: nobody would answer the question otherwise', async () => {
    const customer = await room.customer();
    const reply = await customer.hears('We open at eight.');
    room.clock.forward(5);
    await customer.owner('staff_took_over');
    await customer.owner('staff_handed_back');
    await room.send(reply);
    expect(await customer.stands(reply)).toMatchObject({ status: 'sent' });
  });

  test.each([-2_000, 0])('it is not asked whose clock is right: they took over %i ms after it was said, by the clock', async (ms) => {
    room.clock.forward(60_000);
    const customer = await room.customer();
    const reply = await customer.hears('We open at eight.');
    room.clock.forward(ms);
    await customer.owner('staff_took_over');
    await room.send(reply);
    expect(room.provider.asked).toEqual([]);
  });

  test('the line of a hand-off goes out while people are awaited and when one has taken over, but not after their first words', async () => {
    const [queued, taken, answered] = [await room.customer(), await room.customer(), await room.customer()];
    for (const customer of [queued, taken, answered]) {
      const line = await customer.isHandedOff('I am bringing in a colleague.');
      room.clock.forward(5_000);
      if (customer === taken) await customer.owner('staff_took_over');
      if (customer === answered) await customer.hearsDana('Dana here.');
      await room.send(line);
      expect((await customer.stands(line)).status).toBe(customer === answered ? 'suppressed' : 'sent');
    }
    expect(room.provider.asked).toHaveLength(2);
  });

  test.each([['found', 'sent'], ['absent', 'suppressed']] as const)('where nobody knows whether it went out, Twilio is asked first: %s', async (outcome, status) => {
    const customer = await room.customer();
    const reply = await customer.hears('We open at eight.');
    room.provider.failures.push(noAnswer());
    await room.send(reply);
    await customer.hearsDana('Dana here.');
    room.provider.look = outcome === 'found' ? { outcome, providerSid: `SMfound-${customer.sid}` } : { outcome };
    room.clock.forward(10_000);
    await room.send(reply);
    expect(await customer.stands(reply)).toMatchObject({ status });
    expect([room.provider.looks, room.provider.asked]).toEqual([1, ['We open at eight.']]);
  });

  test('the parts of a long reply that have not gone out stay when a colleague writes', async () => {
    const customer = await room.customer();
    const reply = await customer.hears('A long sentence about parking behind the house. '.repeat(4));
    room.provider.failures.push(busy(60_000));
    await room.send(reply);
    await customer.hearsDana('Dana here.');
    room.clock.forward(60_000);
    await room.send(reply);
    expect(room.provider.asked).toHaveLength(1);
    expect(await room.rows('select distinct state from deliveries where message_id = $1', [reply])).toEqual([{ state: 'suppressed' }]);
  });
});

describe('what is said later arrives later', () => {
  test('a later reply waits while an earlier one is tried again', async () => {
    const customer = await room.customer();
    const [first, second] = [await customer.hears('First.'), await customer.hears('Second.')];
    room.provider.failures.push(busy(90_000));
    await room.send(first);
    const { again } = (await room.send(second)) as { again: Date };
    expect(again.getTime() - room.clock.ms()).toBe(90_000);
    room.clock.forward(90_000);
    await room.send(first);
    await room.send(second);
    expect(room.provider.asked).toEqual(['First.', 'First.', 'Second.']);
  });

  test('it also waits for one whose job has not begun, but not for ten minutes', async () => {
    const customer = await room.customer();
    const [, second] = [await customer.hears('First.'), await customer.hears('Second.')];
    expect(await room.send(second)).toBeTruthy();
    room.clock.forward(11 * MINUTE);
    await room.send(second);
    expect(room.provider.asked).toEqual(['Second.']);
  });

  test('messages to another address do not wait', async () => {
    const customer = await room.customer();
    room.provider.failures.push(busy(90_000));
    await room.send(await customer.hears('By SMS.'));
    await customer.writes('Hello from WhatsApp', 'whatsapp');
    await room.send(await customer.hears('By WhatsApp.'));
    expect(room.provider.asked).toEqual(['By SMS.', 'By WhatsApp.']);
  });
});

describe('consent', () => {
  test('a refusal that is told late does not undo a START since then', async () => {
    const customer = await room.customer();
    const reply = await customer.hears('We open at eight.');
    await room.send(reply);
    room.clock.forward(MINUTE);
    await customer.writes('START');
    room.clock.forward(MINUTE);
    await customer.receipt(reply, 'failed', 21_610);
    await customer.writes('And now?');
    const next = await customer.hears('We open at eight, as I said.');
    await room.send(next);
    expect((await customer.stands(next)).status).toBe('sent');
  });

  test('a refusal at once counts from then on', async () => {
    const customer = await room.customer();
    const reply = await customer.hears('We open at eight.');
    room.provider.failures.push(optedOut());
    await room.send(reply);
    await room.send(await customer.hears('Are you there?'));
    expect(room.provider.asked).toEqual(['We open at eight.']);
    expect((await customer.conversation()).owner).toBe('assistant');
  });

  test('STOP by SMS does not move the conversation there from WhatsApp', async () => {
    const customer = await room.customer('whatsapp');
    await customer.writes('STOP', 'sms');
    expect(await customer.conversation()).toMatchObject({ replyChannel: 'whatsapp' });
    const reply = await customer.hears('We open at eight.');
    await room.send(reply);
    expect((await customer.stands(reply)).status).toBe('sent');
  });

  test('STOP and START on WhatsApp are confirmed by us, because nobody else does; help is a question', async () => {
    const customer = await room.customer('whatsapp');
    const turns = (): Promise<unknown[]> => room.rows(`select 1 from outbox where name = 'assistant.turn' and payload ->> 'conversationSid' = $1`, [customer.sid]);
    const said = async (): Promise<string[]> => {
      for (const { id, direction } of await customer.thread()) if (direction === 'outbound') await room.send(id);
      return room.provider.asked.splice(0);
    };
    for (const word of ['Stop', 'stop']) await customer.writes(word, 'whatsapp');
    expect(await said()).toEqual([expect.stringMatching(/no more messages.*START/)]);
    const reply = await customer.hears('We open at eight.');
    expect(await said()).toEqual([]);
    expect((await customer.stands(reply)).status).toBe('suppressed');
    await customer.writes('START', 'whatsapp');
    expect(await said()).toEqual([expect.stringMatching(/here again/)]);
    expect(await turns()).toHaveLength(1);
    for (const word of ['Help', 'Info', 'Cancel', 'End', 'start']) await customer.writes(word, 'whatsapp');
    expect(await turns()).toHaveLength(6);
  });
});
