import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TwilioFailure } from '@throughline/twilio/errors.js';
import type { ReceiptStatus } from '../../src/delivery/delivery.types.js';
import { busy, DeliveryRoom, noAnswer } from './delivery.room.js';

const MINUTE = 60_000;
const OURS = '+15550000001';

let room: DeliveryRoom;
beforeAll(async () => {
  room = await DeliveryRoom.open();
  for (const channel of ['sms', 'whatsapp', 'rcs'] as const) await room.tenancy.addSender(room.tenant.id, { channel, address: OURS, origin: 'api' });
});
afterAll(() => room.close());
beforeEach(() => {
  room.provider.onSend = () => undefined;
});

/** What the provider answers to a request, and what it tells of it afterwards; `late` is a failure that was none. */
const attempt = fc.record({
  answer: fc.constantFrom('takes it', 'takes it', 'takes it', 'busy', 'refuses', 'hangs before', 'hangs after', 'dies after'),
  fate: fc.constantFrom('arrives', 'arrives silently', 'fails', 'fails', 'late'), code: fc.constantFrom(63_036, 30_005, 63_003, 21_610, 30_007),
});
const timeline = fc.record({
  channel: fc.constantFrom('sms' as const, 'whatsapp' as const, 'rcs' as const), attempts: fc.array(attempt, { minLength: 8, maxLength: 8 }),
  receipts: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }), twice: fc.boolean(),
});

interface Taken {
  sid: string;
  channel: string;
  fate: string;
  code: number;
}

test('whatever fails, hangs, dies or comes late: nothing is sent beside a message that has arrived, and none that arrived is called lost', async () => {
  const seen = { falls: 0, late: 0, lost: 0 };
  await fc.assert(fc.asyncProperty(timeline, async ({ channel, attempts, receipts, twice }) => {
    const customer = await room.customer('sms');
    for (const each of ['rcs', 'whatsapp', channel] as const) await customer.writes('Hello', each);
    const said = await customer.hears('Good morning');
    const [taken, told]: [Taken[], { sid: string; status: ReceiptStatus; code: number | null }[]] = [[], []];
    /** Attempts that are out, of which nobody has told the house that they failed. */
    const believed = new Set<string>();
    const doubled: string[] = [];
    const accept = (by: string, sid: string, { fate, code }: { fate: string; code: number }): void => {
      if (believed.size > 0) doubled.push(`${sid} by ${by} beside ${[...believed].join(', ')}`);
      taken.push({ sid, channel: by, fate, code });
      believed.add(sid);
      if (fate === 'arrives') told.push({ sid, status: 'sent', code: null }, { sid, status: 'delivered', code: null });
      if (fate === 'fails' || fate === 'late') told.push({ sid, status: 'undelivered', code });
    };
    let lost: string | null = null;
    room.provider.onSend = (delivery) => {
      const next = attempts.shift() ?? { answer: 'takes it', fate: 'arrives', code: 0 };
      const sid = `SM-${customer.sid}-${taken.length}`;
      if (next.answer === 'busy') room.provider.failures.unshift(busy());
      if (next.answer === 'refuses') room.provider.failures.unshift(new TwilioFailure(21_211, 400, 'fallback', 'not a number', { cause: undefined }));
      if (next.answer.startsWith('hangs')) room.provider.failures.unshift(noAnswer());
      if (next.answer.endsWith('after')) lost = sid;
      if (next.answer === 'dies after') room.database.breaks = true;
      room.provider.nextSid = sid;
      if (next.answer.startsWith('takes') || next.answer.endsWith('after')) accept(delivery.channel, sid, next);
    };
    for (const pick of receipts) {
      room.provider.look = lost ? { outcome: 'found', providerSid: lost } : { outcome: 'absent' };
      await room.send(said).catch(() => undefined);
      room.database.breaks = false;
      if ((await customer.deliveryOf(said)).providerSid === lost) lost = null;
      const [receipt] = told.length > 0 ? told.splice(pick % told.length, 1) : [];
      if (receipt) {
        for (let times = twice ? 2 : 1; times > 0; times--) await customer.receipt(said, receipt.status, receipt.code, receipt.sid);
        if (receipt.status === 'undelivered') believed.delete(receipt.sid);
        if (receipt.status === 'delivered') believed.add(receipt.sid);
        const late = receipt.status === 'undelivered' && taken.some(({ sid, fate }) => sid === receipt.sid && fate === 'late');
        if (late) told.push({ sid: receipt.sid, status: 'delivered', code: null });
      }
      room.clock.forward(MINUTE);
    }
    for (const { sid, status, code } of told) await customer.receipt(said, status, code, sid);
    const { status } = await customer.stands(said);
    const arrived = taken.filter(({ fate }) => fate === 'arrives' || fate === 'late');
    seen.falls += new Set(taken.map((each) => each.channel)).size > 1 ? 1 : 0;
    seen.late += arrived.some(({ fate }) => fate === 'late') ? 1 : 0;
    seen.lost += status === 'undelivered' || status === 'failed' || status === 'suppressed' ? 1 : 0;
    expect(doubled).toEqual([]);
    if (arrived.length > 0) expect(['delivered', 'read', 'sent', 'retry_wait', 'sending']).toContain(status);
  }), { numRuns: 60 });
  expect(Object.entries(seen).filter(([, times]) => times < 2)).toEqual([]);
});
