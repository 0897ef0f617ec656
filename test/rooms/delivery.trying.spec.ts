import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ProviderService } from '../../src/delivery/provider.service.js';
import { eventually } from '../harness/eventually.js';
import { busy, DeliveryRoom, noAnswer, wrongToken } from './delivery.room.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let room: DeliveryRoom;
beforeAll(async () => {
  room = await DeliveryRoom.open();
});
afterAll(() => room.close());
beforeEach(() => room.anew());

/** Runs the job again each time it asks for it, with time moved to when it asked. @returns how often it ran */
async function sendsUntilDone(messageId: string, untilMs = Infinity): Promise<number> {
  const end = room.clock.ms() + untilMs;
  for (let runs = 1; ; runs++) {
    const outcome = await room.send(messageId);
    if (!outcome || outcome.again.getTime() > end) return runs;
    room.clock.forward(Math.max(1, outcome.again.getTime() - room.clock.ms()));
  }
}

describe('a message is worth hours of trying', () => {
  test.each([['too busy', busy], ['a rotated token', wrongToken]] as const)('%s for three and a half hours: it goes out then', async (_, failure) => {
    const customer = await room.customer();
    const reply = await customer.hears('We open at eight.');
    room.provider.failures.push(...Array.from({ length: 200 }, () => failure()));
    expect(await sendsUntilDone(reply, 3.5 * HOUR)).toBeGreaterThan(40);
    room.provider.failures.length = 0;
    await sendsUntilDone(reply);
    expect((await customer.stands(reply)).status).toBe('sent');
    expect((await customer.conversation()).owner).toBe('assistant');
  });

  test('after four hours it fails, and people are asked to look', async () => {
    const customer = await room.customer();
    const reply = await customer.hears('We open at eight.');
    room.provider.failures.push(...Array.from({ length: 200 }, () => wrongToken()));
    const start = room.clock.ms();
    await sendsUntilDone(reply);
    expect((room.clock.ms() - start) / HOUR).toBeGreaterThan(3.9);
    expect(await customer.stands(reply)).toEqual({ status: 'failed', why: 'The Twilio credentials are wrong' });
    expect((await customer.conversation()).owner).toBe('queued');
    expect(await customer.ownerBecause()).toContain('a reply did not reach the customer: The Twilio credentials are wrong');
  });

  test('the customer who writes again is answered by the assistant again', async () => {
    const customer = await room.customer();
    const reply = await customer.hears('We open at eight.');
    await room.send(reply);
    await customer.receipt(reply, 'undelivered', 30_003);
    expect((await customer.conversation()).owner).toBe('queued');
    await customer.writes('Hello?');
    expect((await customer.conversation()).owner).toBe('assistant');
    expect(await room.rows(`select 1 from outbox where name = 'assistant.turn' and payload ->> 'conversationSid' = $1`, [customer.sid])).toHaveLength(2);
  });

  test('a customer who asked for a person stays with people when the line saying so is lost', async () => {
    const customer = await room.customer();
    const line = await customer.isHandedOff('I am bringing in a colleague.');
    await room.send(line);
    await customer.receipt(line, 'undelivered', 30_003);
    await customer.writes('Hello?');
    expect((await customer.conversation()).owner).toBe('queued');
  });
});

describe('what is unknown is looked up until it is known', () => {
  async function unknown(): Promise<{ customer: Awaited<ReturnType<DeliveryRoom['customer']>>; reply: string }> {
    const customer = await room.customer();
    const reply = await customer.hears('We open at eight.');
    room.provider.failures.push(noAnswer());
    room.provider.look = noAnswer();
    await sendsUntilDone(reply);
    expect((await customer.stands(reply)).status).toBe('unknown');
    expect((await customer.conversation()).owner).toBe('queued');
    expect(await room.rows(`select 1 from outbox where name = 'delivery.check'`)).not.toEqual([]);
    return { customer, reply };
  }

  test('ever more seldom while Twilio does not say', async () => {
    const { customer, reply } = await unknown();
    const { id, claimedAt } = await customer.deliveryOf(reply);
    const hours: number[] = [];
    for (let outcome = await room.check(id); outcome; outcome = await room.check(id)) {
      hours.push((outcome.again.getTime() - claimedAt!.getTime()) / HOUR);
      room.clock.forward(outcome.again.getTime() - room.clock.ms());
    }
    expect(hours).toEqual([5, 12, 24, 72]);
    expect((await customer.stands(reply)).status).toBe('unknown');
  });

  test('found: it is sent, and its receipt is awaited', async () => {
    const { customer, reply } = await unknown();
    room.provider.look = { outcome: 'found', providerSid: 'SMfound-later' };
    expect(await room.check((await customer.deliveryOf(reply)).id)).toBeTruthy();
    expect(await customer.stands(reply)).toEqual({ status: 'sent', why: null });
    await customer.receipt(reply, 'delivered');
    expect((await customer.stands(reply)).status).toBe('delivered');
    expect(room.provider.asked).toHaveLength(1);
  });

  test('absent: it failed, and it is too late to send it', async () => {
    const { customer, reply } = await unknown();
    room.provider.look = { outcome: 'absent' };
    expect(await room.check((await customer.deliveryOf(reply)).id)).toBeUndefined();
    expect(await customer.stands(reply)).toEqual({ status: 'failed', why: 'The provider never got it' });
    expect(room.provider.asked).toHaveLength(1);
  });

  test('a text in Twilio\'s list that may be this one: it is not sent again, and after ten minutes it is unknown', async () => {
    const customer = await room.customer();
    const reply = await customer.hears('We open at eight.');
    room.provider.failures.push(noAnswer());
    room.provider.look = { outcome: 'unclear' };
    const start = room.clock.ms();
    await sendsUntilDone(reply);
    expect(room.clock.ms() - start).toBeLessThan(10 * MINUTE);
    expect(await customer.stands(reply)).toMatchObject({ status: 'unknown', why: expect.stringContaining('may be this one') });
    expect(room.provider.asked).toHaveLength(1);
  });

  test('the database that fails while the answer is saved is no reason to send again: Twilio is asked', async () => {
    const customer = await room.customer();
    const reply = await customer.hears('We open at eight.');
    room.database.breaks = true;
    await expect(room.send(reply)).rejects.toThrow('ECONNREFUSED');
    room.database.breaks = false;
    room.provider.look = { outcome: 'found', providerSid: 'SMsaved-late' };
    await sendsUntilDone(reply);
    expect([room.provider.asked.length, room.provider.looks]).toEqual([1, 1]);
    expect((await customer.stands(reply)).status).toBe('sent');
  });
});

describe('what the carrier gives back is sent anew', () => {
  const sent = async (): Promise<{ customer: Awaited<ReturnType<DeliveryRoom['customer']>>; reply: string; old: string }> => {
    const customer = await room.customer();
    const reply = await customer.hears('We open at eight.');
    await room.send(reply);
    const old = (await customer.deliveryOf(reply)).providerSid!;
    await customer.receipt(reply, 'undelivered', 30_022);
    return { customer, reply, old };
  };

  test('once more, and what is told late about the first attempt disturbs nothing', async () => {
    const { customer, reply, old } = await sent();
    expect(await customer.deliveryOf(reply)).toMatchObject({ state: 'retry_wait', providerSid: null, retiredSids: [old] });
    for (const status of ['queued', 'sent', 'failed', 'undelivered'] as const) await customer.receipt(reply, status, null, old);
    expect((await customer.stands(reply)).status).toBe('retry_wait');
    expect(await room.rows(`select 1 from outbox where name = 'delivery.send' and due_at > $1 and payload ->> 'messageId' = $2`, [room.clock.now(), reply])).toHaveLength(1);
    await sendsUntilDone(reply);
    expect(await customer.deliveryOf(reply)).toMatchObject({ state: 'sent', attempt: 2 });
    for (const status of ['failed', 'delivered', 'read'] as const) await customer.receipt(reply, status, null, old);
    expect((await customer.stands(reply)).status).toBe('sent');
    await customer.receipt(reply, 'delivered');
    expect(await customer.stands(reply)).toEqual({ status: 'delivered', why: null });
  });

  test('a delivery that is proven before the second attempt makes that needless', async () => {
    const { customer, reply, old } = await sent();
    await customer.receipt(reply, 'delivered', null, old);
    await sendsUntilDone(reply);
    expect((await customer.stands(reply)).status).toBe('delivered');
    expect(room.provider.asked).toHaveLength(1);
  });

  test('three times and no more: then it has failed, and people are asked to look', async () => {
    const { customer, reply } = await sent();
    for (let resend = 0; resend < 3; resend++) {
      await sendsUntilDone(reply);
      await customer.receipt(reply, 'failed', 30_017);
    }
    expect(room.provider.asked).toHaveLength(4);
    expect((await customer.stands(reply)).status).toBe('failed');
    expect((await customer.conversation()).owner).toBe('queued');
  });
});

test('an attempt that takes minutes stays with the process that makes it, and not a moment longer', async () => {
  const customer = await room.customer();
  const reply = await customer.hears('We open at eight.');
  room.database.breaks = true; // it is sent, and that is not saved
  await room.send(reply).catch(() => undefined);
  room.database.breaks = false;
  const delivery = await customer.deliveryOf(reply);
  jest.useFakeTimers({ doNotFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask', 'Date', 'performance', 'hrtime'] });
  try {
    await room.service(ProviderService).holding(delivery, async () => {
      room.clock.forward(20_000);
      jest.advanceTimersByTime(10_000);
      await eventually('the lease to be renewed', async () => (await customer.deliveryOf(reply)).leaseUntil! > delivery.leaseUntil!);
      room.clock.forward(20_000);
      expect(await room.send(reply)).toEqual({ again: (await customer.deliveryOf(reply)).leaseUntil });
    });
    jest.advanceTimersByTime(60_000);
  } finally {
    jest.useRealTimers();
  }
  room.clock.forward(10_001);
  await room.send(reply);
  expect([room.provider.looks, room.provider.asked.length]).toEqual([1, 2]);
});
