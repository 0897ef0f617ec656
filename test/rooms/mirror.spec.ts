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

const HOUR_MS = 3_600_000;
const reconcile = (): Promise<JobOutcome> => room.parts.reconciling.reconcile(room.parts.tenant.id);
const types = (sid: string, body: string): Promise<unknown> => room.parts.twilio.control.type(sid, { author: 'dana@clinic', body });
const toSend = (sid: string): Promise<{ body: string }[]> => room.rows(
  `select m.body from outbox o join messages m on m.id = (o.payload->>'messageId')::uuid
   where o.name = 'delivery.send' and m.conversation_sid = $1 order by m.seq`, [sid],
);

test('a colleague\'s words of some hours ago are sent when they are found; older ones are noted, once, and change nothing', async () => {
  const { clock, conversations, tenant } = room.parts;
  const sid = await room.writes('+15551230004', 'Hello');
  await types(sid, 'Your results are in.');
  const writtenAt = clock.now();
  await types(sid, 'Come by tomorrow.');
  clock.forward(5 * HOUR_MS);
  await reconcile();
  await reconcile();
  const when = `${writtenAt.toISOString().slice(0, 10)} ${writtenAt.toISOString().slice(11, 16)} UTC`;
  const note = (words: string): unknown => expect.objectContaining({
    direction: 'internal', status: 'noted', mirrorState: 'origin', mirrorSid: expect.stringMatching(/^IM/),
    body: `dana@clinic wrote in the Conversation at ${when}. It was found too late to be sent; the customer may have it from then: ${words}`,
  });
  expect((await room.thread(sid)).slice(1)).toEqual([note('Your results are in.'), note('Come by tomorrow.')]);
  expect(await toSend(sid)).toEqual([]);
  expect(await conversations.conversation(tenant.id, sid)).toMatchObject({ owner: 'assistant', epoch: 0, lastInboundSeq: 1, lastSeq: 3 });

  await types(sid, 'Dana here.');
  clock.forward(3 * HOUR_MS);
  await reconcile();
  expect(await toSend(sid)).toEqual([{ body: 'Dana here.' }]);
  expect((await conversations.conversation(tenant.id, sid)).owner).toBe('staff');
});
