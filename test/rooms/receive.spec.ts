import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { uuidv7 } from '@throughline/kernel/ids.js';
import type { InboundMessage, ReceiveOutcome } from '../../src/conversations/conversations.types.js';
import { Room } from './assistant.room.js';

let room: Room;
beforeAll(async () => {
  room = await Room.open();
});
afterAll(() => room.close());

const SID = 'CH99999999999999999999999999999999';
const ADDRESS = '+15551239999';

function wrote(body: string, change: Partial<InboundMessage> = {}): Promise<ReceiveOutcome> {
  room.clock.forward(1_000);
  return room.services.conversations.receive(room.tenant, {
    providerSid: `SM-${body}`, channel: 'sms', address: ADDRESS, sender: '+15550000001', body, media: [], receivedAt: room.clock.now(), ...change,
  });
}

const jobs = (): Promise<{ payload: { inboxId: string } }[]> => room.rows(`select payload from outbox where name = 'inbox.receive'`);

test('what a stranger wrote while there was no Conversation is received together, in the order in which it was written', async () => {
  const stored = [await wrote('one'), await wrote('two', { channel: 'whatsapp' }), await wrote('three')];
  const other = await wrote('another person', { address: '+15551238888' });
  expect(stored.concat(other).map(({ outcome }) => outcome)).toEqual(Array.from({ length: 4 }, () => 'stored'));
  const newest = stored[2] as Extract<ReceiveOutcome, { outcome: 'stored' }>;
  await room.services.receiving.receiveKept(room.tenant, newest.inboxId, SID);
  const thread = await room.services.conversations.latest(room.tenant.id, SID, { limit: 10 });
  expect(thread.map(({ seq, channel, body }) => `${seq} ${channel}: ${body}`)).toEqual(['1 sms: one', '2 whatsapp: two', '3 sms: three']);
  expect(await room.services.conversations.conversation(room.tenant.id, SID)).toMatchObject({ lastSeq: 3, lastInboundSeq: 3, replyChannel: 'sms' });
  expect(await room.rows('select provider_sid from inbox where done_at is null')).toEqual([{ provider_sid: 'SM-another person' }]);
});

test('the same text again, while it waits, is one row and one job; a job that was set aside lives again', async () => {
  const before = (await jobs()).length;
  const first = await wrote('hello', { address: '+15551237777' });
  expect([first.outcome, (await jobs()).length]).toEqual(['stored', before + 1]);
  await room.rows('update outbox set dead_at = due_at');
  expect(await wrote('hello', { address: '+15551237777' })).toEqual({ outcome: 'duplicate' });
  expect(await jobs()).toHaveLength(before + 1);
  expect(await room.rows(`select payload->>'inboxId' as "inboxId" from outbox where name = 'inbox.receive' and dead_at is null`))
    .toEqual([{ inboxId: (first as { inboxId: string }).inboxId }]);
});

test('a message that comes again when its Conversation exists, and its own job has not run, stays one, with its files and its id', async () => {
  const address = '+15551236666';
  const media = [{ url: 'upload:01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f', contentType: 'image/png' }];
  const kept = (await wrote('with a picture', { address, media })) as { inboxId: string };
  await room.rows(`update inbox set done_at = now() where id = $1`, [kept.inboxId]);
  const other = (await wrote('on another phone', { address, channel: 'whatsapp' })) as { inboxId: string };
  await room.services.receiving.receiveKept(room.tenant, other.inboxId, 'CH6666');
  await room.rows(`update inbox set done_at = null where id = $1`, [kept.inboxId]);
  await room.rows(`update outbox set dead_at = due_at where name = 'inbox.receive'`);
  expect(await wrote('with a picture', { address })).toEqual({ outcome: 'duplicate' });
  expect(await room.rows(`select payload->>'inboxId' as id from outbox where name = 'inbox.receive' and dead_at is null`)).toEqual([{ id: kept.inboxId }]);
  await room.services.receiving.receiveKept(room.tenant, kept.inboxId, 'CH6666');
  expect(await wrote('with a picture', { address })).toEqual({ outcome: 'duplicate' });
  expect((await room.services.conversations.latest(room.tenant.id, 'CH6666', { limit: 10 })).map(({ id, body, media: files }) => [id, body, files.length]))
    .toEqual([[other.inboxId, 'on another phone', 0], [kept.inboxId, 'with a picture', 1]]);
});

test('what they write on WhatsApp opens the window of that sender, and what comes late does not shorten it', async () => {
  const shown = async () => (await room.services.conversations.namedConversation(room.tenant.id, SID)).whatsappWindow;
  await wrote('an SMS');
  expect(await shown()).toBeNull();
  await wrote('by WhatsApp', { channel: 'whatsapp' });
  const closesAt = new Date(room.clock.ms() + (24 * 60 - 5) * 60_000);
  await wrote('found late', { channel: 'whatsapp', receivedAt: new Date(room.clock.ms() - 3_600_000) });
  expect(await shown()).toEqual({ state: 'open', closesAt });
  await wrote('to another sender', { channel: 'whatsapp', sender: '+15550000002', receivedAt: new Date(room.clock.ms() - 23.5 * 3_600_000) });
  expect(await shown()).toMatchObject({ state: 'closing' });
});

test('a WhatsApp user is one person by number, by id, and by the number on SMS, whichever comes first', async () => {
  const whoAt = async (address: string) => (await room.rows<{ id: string }>('select distinct contact_id as id from addresses where address = $1', [address])).map(({ id }) => id);
  const settled = async (change: Partial<InboundMessage>, sid: string): Promise<void> => {
    const outcome = await wrote(`hello ${Math.random()}`, change);
    if (outcome.outcome === 'stored') await room.services.receiving.receiveKept(room.tenant, outcome.inboxId, sid);
  };
  const byNumber = { channel: 'whatsapp', address: '+15551236001', alsoKnownAs: 'US.6001' } as const;
  await settled(byNumber, 'CH6001');
  await settled({ channel: 'whatsapp', address: 'US.6001' }, 'CH-never');
  await settled({ channel: 'sms', address: '+15551236001' }, 'CH6001');
  await settled({ channel: 'whatsapp', address: 'US.6002' }, 'CH6002');
  await settled({ channel: 'whatsapp', address: '+15551236002', alsoKnownAs: 'US.6002' }, 'CH-never');
  await settled({ channel: 'sms', address: '+15551236002' }, 'CH6002');
  expect([await whoAt('+15551236001'), await whoAt('+15551236002')]).toEqual([await whoAt('US.6001'), await whoAt('US.6002')]);
  const seqs = await room.rows<{ n: number }>(`select conversation_sid, count(*)::int as n from messages where conversation_sid in ('CH6001', 'CH6002') group by 1 order by 1`);
  expect(seqs.map(({ n }) => n)).toEqual([3, 3]);
});

test('a number that is only claimed is a person of its own, whoever has that number; one that is vouched for joins', async () => {
  const personAt = async (channel: string) => (await room.rows<{ id: string }>(`select contact_id as id from addresses where channel = $1 and address = '+15551236009'`, [channel]))[0]!.id;
  const calls = async (sid: string, change: Partial<InboundMessage>): Promise<void> => {
    const outcome = await wrote(`from ${sid}`, { address: '+15551236009', ...change });
    if (outcome.outcome === 'stored') await room.services.receiving.receiveKept(room.tenant, outcome.inboxId, sid);
  };
  await calls('CH6009a', { channel: 'voice' });
  await calls('CH6009b', { channel: 'sms' });
  await calls('CH6009c', { channel: 'whatsapp' });
  expect(await personAt('sms')).toBe(await personAt('whatsapp'));
  expect(await personAt('voice')).not.toBe(await personAt('sms'));
});

const mayWrite = (channel: string, address: string): Promise<boolean> =>
  room.services.database.transaction(room.tenant.id, (tx) =>
    room.services.contacts.whyNotWrite(tx, { channel, address, sender: '+15550000001' }, { id: uuidv7(1), purpose: 'service' })).then((why) => why === null);
const mayWriteTo = (...addresses: string[]): Promise<boolean[]> => Promise.all(addresses.map((address) => mayWrite('whatsapp', address)));

test('STOP by number holds for the id of the same WhatsApp user, and START by id for the number', async () => {
  await wrote('STOP', { channel: 'whatsapp', address: '+15551236001', providerSid: 'SM-stop-6001' });
  expect(await mayWriteTo('+15551236001', 'US.6001')).toEqual([false, false]);
  await wrote('START', { channel: 'whatsapp', address: 'US.6001', providerSid: 'SM-start-6001' });
  expect(await mayWriteTo('+15551236001', 'US.6001')).toEqual([true, true]);
});

test('STOP by id holds for the number of which we learn later, on WhatsApp and nowhere else', async () => {
  await wrote('STOP', { channel: 'whatsapp', address: 'US.6002', providerSid: 'SM-stop-6002' });
  await wrote('STOP', { channel: 'whatsapp', address: 'US.6003', providerSid: 'SM-stop-6003' });
  await room.services.receiving.receiveKept(room.tenant, (await room.rows<{ id: string }>(`select id from inbox where provider_sid = 'SM-stop-6003'`))[0]!.id, 'CH6003');
  await wrote('Hello?', { channel: 'whatsapp', address: 'US.6003', alsoKnownAs: '+15551236003', providerSid: 'SM-hello-6003' });
  expect(await mayWriteTo('US.6002', '+15551236002', 'US.6003', '+15551236003')).toEqual([false, false, false, false]);
  expect(await mayWriteTo('US.6004')).toEqual([true]);
  expect(await mayWrite('sms', '+15551236003')).toBe(true);
});
