import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Aloud } from '../../src/conversations/conversations.types.js';
import { type Customer, Room } from './assistant.room.js';

let room: Room;
let customer: Customer;
let conversationSid: string;
let aloud: Aloud;
let said = 0;
beforeAll(async () => {
  room = await Room.open();
});
afterAll(() => room.close());
beforeEach(async () => {
  customer = await room.customer();
  await customer.writes('Hello');
  ({ conversationSid } = await customer.conversation());
  aloud = { address: '+15551230001', sender: '+15550100001', call: { sid: `CA${String((said += 1)).padStart(32, '0')}`, proved: true } };
});

const words = () => room.services.conversations.aloud;
const key = (): string => `${aloud.call.sid}/session/item`;
const hear = () => words().hear(room.tenant.id, { conversationSid, body: '', aloud, key: key(), isUnwritten: true });
const write = (body: string) => words().writeDown(room.tenant.id, conversationSid, key(), body);
const ends = () => room.services.database.transaction(room.tenant.id, (tx) => words().settleAll(tx, conversationSid, aloud.call.sid, 'heard'));
const last = async () => {
  const { body, status, details } = (await customer.thread()).findLast(({ channel }) => channel === 'voice')!;
  return [body, status, details?.words];
};

test('what a caller said has its place before its words are there, and gets them once', async () => {
  await hear();
  await hear();
  expect((await customer.thread()).filter(({ channel }) => channel === 'voice')).toHaveLength(1);
  expect(await last()).toEqual(['', 'sending', ['said, and not written down']]);
  await write('Until when are you open?');
  await write('Something else.');
  await ends();
  expect(await last()).toEqual(['Until when are you open?', 'received', []]);
});

test('words that come after the end of the call are kept; where none came it says so', async () => {
  await hear();
  await ends();
  expect(await last()).toEqual(['', 'received', ['said, and not written down']]);
  await write('Goodbye, and thank you.');
  expect(await last()).toEqual(['Goodbye, and thank you.', 'received', []]);
});

test('words of somebody who was erased meanwhile are not kept', async () => {
  await hear();
  await room.services.database.transaction(room.tenant.id, async (tx) => tx.write('update messages set details = null where conversation_sid = $1', [conversationSid]));
  await write('My name is Maya.');
  expect(JSON.stringify(await customer.thread())).not.toContain('Maya');
});

test('a model that speaks by itself is allowed to by the record: not when people have the word, not twice, and not when something newer was said', async () => {
  const { dialogue } = room.services.assistant.live;
  const run = new AbortController();
  const posed = { conversationSid, aloud, signal: run.signal, say: async () => undefined };
  const open = async () => {
    const turn = await dialogue.open(room.tenant.id, posed);
    if (typeof turn === 'string') throw new Error(turn);
    return turn;
  };
  await hear();
  const first = await open();
  const again = await open();
  expect([typeof await first.begin('At six.'), await again.begin('At seven.')]).toEqual(['string', null]);
  await first.end('broken_off');
  await again.end('said');
  expect(await dialogue.open(room.tenant.id, posed)).toBe('over');
  await words().hear(room.tenant.id, { conversationSid, body: 'And on Sundays?', aloud, key: `${key()}2` });
  const late = await open();
  await words().hear(room.tenant.id, { conversationSid, body: 'Wait.', aloud, key: `${key()}3` });
  expect(await late.begin('On Sundays we are closed.')).toBeNull();
  await late.end('broken_off');
  const silenced = await open();
  await room.services.ownership.change(room.tenant.id, conversationSid, { event: 'staff_took_over', staff: 'Dana', cause: 'Dana took over' });
  expect(await silenced.begin('Good.')).toBeNull();
  expect(await silenced.use({ id: 'call', name: 'take_message', arguments: '{"message":"x"}' }, '')).toEqual({ ended: 'stale' });
  await silenced.end('broken_off');
  expect(await dialogue.open(room.tenant.id, posed)).toBe('not_ours');
});
