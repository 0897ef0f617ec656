import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { TriageRoom } from './triage.room.js';

let room: TriageRoom;
beforeAll(async () => {
  room = await TriageRoom.open();
});
afterAll(() => room.close());
beforeEach(() => {
  room.clock.forward(2 * 3_600_000);
  room.model.reset();
});

test('a burst that went on after its first message was called off is reported anew', async () => {
  const address = '+15559870087';
  const sid = await room.voicemail('I have chest pain, as my book says', address);
  const [words] = (await room.jobs()).filter(({ name }) => name === 'triage.heard');
  await room.judging.heard(room.tenantId, sid, words!.payload.seq);
  await room.callOff(sid);
  room.clock.forward(1_000);
  await room.voicemail('The lift has fallen with two of us in it', address);
  room.says(5, 'A lift has fallen');
  await room.run();
  expect([await room.verdicts(sid), (await room.incidents(sid)).map(({ reports }) => reports.map(({ reason }) => reason))]).toEqual([['model 5', 'words 5'], [['They say: chest pain'], ['A lift has fallen']]]);
});

test('of one conversation the model is asked about one thing at a time; who has died at it is waited for no longer than that takes', async () => {
  const address = '+15559870086';
  const sid = await room.voicemail('One', address);
  const [first] = await room.jobs();
  room.model.next({
    task: 'triage',
    steps: async () => {
      await room.voicemail('Two', address);
      const [, second] = await room.jobs();
      expect(await room.judging.judge(room.tenantId, sid, second!.payload.seq)).toEqual({ again: room.clock.in(2_000) });
      return [{ callTool: { name: 'judge', arguments: { urgency: 2, reasons: ['A greeting'] } } }];
    },
  });
  await room.judging.judge(room.tenantId, sid, first!.payload.seq);
  expect(room.asked()).toEqual(['Customer (voicemail): "One"']);
  await room.fresh.query(`insert into judgings (tenant_id, conversation_sid, seq, lease_until) values ($1, $2, $3, $4)`, [room.tenantId, sid, first!.payload.seq, room.clock.in(40_000)]);
  await room.run();
  expect(room.asked()).toHaveLength(1);
  room.clock.forward(40_000);
  await room.run();
  expect([await room.verdicts(sid), room.asked().length, await room.jobs(), await room.fresh.query('select 1 from judgings')]).toEqual([['model 2', 'model 2'], 2, [], []]);
});

test('who sends one message after the other uses up their own share, and nobody else\'s', async () => {
  const sids = [];
  for (let n = 0; n < 31; n++) sids.push(await room.voicemail(`Call ${n}`, '+15559870085'));
  const other = await room.voicemail('Somebody else', '+15559870084');
  for (const { payload } of (await room.jobs()).reverse()) await room.judging.judge(room.tenantId, payload.conversationSid, payload.seq);
  expect([(await room.verdicts(sids[0]!)).filter((verdict) => verdict === 'nobody null').length, await room.verdicts(other)]).toEqual([1, ['model 2']]);
});
