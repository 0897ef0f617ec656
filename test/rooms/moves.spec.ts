import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EscalationRoom } from './escalation.room.js';

// To be moved takes a caller out of where they are: who is with somebody by then would lose them.

const [TRANSFER_HOLD, CALLBACK_JOIN] = [/\/transfer\/hold$/, /\/person\/join$/].map((pattern) => expect.stringMatching(pattern));
let room: EscalationRoom;
beforeAll(async () => {
  room = await EscalationRoom.open();
});
afterAll(() => room.close());

/** A job has looked how it stands, and before it does anything this happens. */
function stalls<K extends string>(service: Record<K, (...asked: [string, string]) => Promise<unknown>>, look: K, work: () => Promise<unknown>): void {
  const read = service[look];
  service[look] = async (...asked) => {
    service[look] = read;
    const seen = await read.apply(service, asked);
    await work();
    return seen;
  };
}

test('a caller who has come to the specialist is not fetched once more by whoever saw them on their way', async () => {
  const phone = '+15551230011';
  const conversationSid = await room.customerTexts({ phone }, 'Hello');
  const callSid = await room.customerCalls({ phone });
  await room.seeks(callSid, conversationSid);
  const transfer = (await room.transfers.ofCall(room.tenantId, callSid))!;
  const happen = (happening: Parameters<typeof room.transfers.happen>[2]) => room.transfers.happen(room.tenantId, transfer.id, happening, 'test');
  const attemptId = (await happen({ what: 'go' }))!.attempts[0]!.id;
  for (const what of ['answered', 'accepted'] as const) await happen({ what, attemptId });
  const drive = () => room.drives.transfer.drive(room.tenantId, transfer.id);
  await drive();
  await drive();
  expect(room.movesOf(callSid)).toEqual([TRANSFER_HOLD]);
  stalls(room.transfers, 'sighted', async () => {
    await happen({ what: 'joined', attemptId });
    await happen({ what: 'caller_held' });
  });
  room.clock.forward(6_000);
  await drive();
  expect((await room.transfers.ofCall(room.tenantId, callSid))!.state).toBe('merged');
  expect(room.movesOf(callSid)).toEqual([TRANSFER_HOLD]);
});

test('nor is a person who was brought to whoever has taken their emergency', async () => {
  const [ada, phone] = [await room.person('Ada'), '+15551230012'];
  const conversationSid = await room.customerTexts({ phone }, 'There is smoke');
  const callSid = await room.customerCalls({ phone });
  const incidentId = await room.report(await room.policy([[{ kind: 'staff', staffId: ada.id }]]), { conversationSid });
  await room.escalation.acknowledge(room.tenantId, incidentId, { name: 'Ada', staffId: ada.id, via: 'api', attemptId: null });
  const { id } = await room.callbacks.connect(room.tenantId, { incidentId, attemptId: null, callSid: null, phone: ada.phone, key: 'one' });
  const happen = (event: Parameters<typeof room.progress.happen>[2]) => room.progress.happen(room.tenantId, id, event, 'test');
  await happen('taker_ready');
  const drive = () => room.drives.callback.drive(room.tenantId, id);
  await drive();
  await drive();
  expect(room.movesOf(callSid)).toEqual([CALLBACK_JOIN]);
  stalls(room.progress, 'find', () => happen('met'));
  room.clock.forward(6_000);
  await drive();
  expect((await room.progress.find(room.tenantId, id))!.state).toBe('connected');
  expect(room.movesOf(callSid)).toEqual([CALLBACK_JOIN]);
});
