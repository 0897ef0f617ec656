import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { MirrorRoom } from './mirror.room.js';

let room: MirrorRoom;
beforeAll(async () => {
  room = await MirrorRoom.open();
});
afterAll(() => room.close());

/** From now on Twilio takes so long for each post, as the hub's clock has it; `then` happens during the `nth`. */
function slowTwilio(conversationSid: string, ms: number, nth: number, then: () => void): () => void {
  const { twilio, clock } = room.parts;
  let there = room.mirrored(conversationSid).length;
  return twilio.control.listen((event) => {
    if (event !== 'conversation' || room.mirrored(conversationSid).length === there) return;
    there += 1;
    clock.forward(ms);
    if (there === nth) then();
  });
}

const copy = (conversationSid: string): Promise<JobOutcome> => room.parts.copying.copy(room.parts.tenant.id, conversationSid);
const numbered = (count: number): string[] => Array.from({ length: count }, (_, n) => `text ${n + 1}`);

test('a copy that takes minutes keeps its lease: another one waits, and each message is posted once', async () => {
  let sid = '';
  for (const body of numbered(40)) sid = await room.writes('+15551230001', body);
  let second: Promise<JobOutcome> | undefined;
  const stop = slowTwilio(sid, 4_000, 20, () => (second = copy(sid)));
  expect(await copy(sid)).toBeUndefined();
  stop();
  expect(await second).toEqual({ again: expect.any(Date) });
  expect(room.mirrored(sid)).toEqual(numbered(40));
  expect(await room.rows('select lease from mirrors where conversation_sid = $1 and lease is not null', [sid])).toEqual([]);
});

test('one long mail in many pieces keeps its lease too', async () => {
  const body = 'word '.repeat(6_400);
  const sid = await room.writes('+15551230002', body);
  let second: Promise<JobOutcome> | undefined;
  const stop = slowTwilio(sid, 8_000, 15, () => (second = copy(sid)));
  await copy(sid);
  stop();
  expect(await second).toEqual({ again: expect.any(Date) });
  expect(room.mirrored(sid)).toHaveLength(20);
  expect(room.mirrored(sid).join('')).toBe(body);
});

test('who finds the lease run out posts no more, and comes back to look', async () => {
  let sid = '';
  for (const body of numbered(3)) sid = await room.writes('+15551230003', body);
  const stop = slowTwilio(sid, 60_000, 1, () => undefined);
  expect(await copy(sid)).toEqual({ again: expect.any(Date) });
  stop();
  expect(room.mirrored(sid)).toEqual(numbered(1));
  expect(await copy(sid)).toBeUndefined();
  expect(room.mirrored(sid)).toEqual(numbered(3));
});
