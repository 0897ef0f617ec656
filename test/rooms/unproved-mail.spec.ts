import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { InboundMessage } from '../../src/conversations/conversations.types.js';
import { type Customer, Room } from './assistant.room.js';

let room: Room;
beforeAll(async () => {
  room = await Room.open();
});
afterEach(() => {
  expect(room.model.waiting()).toBe(0);
  room.model.reset();
});
afterAll(() => room.close());

let mails = 0;

/** @returns the message's seq, as the job of the turn carries it */
async function mail(customer: Customer, from: string, body: string, proved: boolean, change: Partial<InboundMessage> = {}): Promise<number> {
  mails += 1;
  const tenant = await room.services.tenancy.tenant(customer.tenant.id);
  const outcome = await room.services.conversations.receive(tenant, {
    providerSid: `mail-${mails}`, channel: 'email', address: from, sender: 'desk@clinic.test', body, media: [], receivedAt: room.clock.now(), trust: proved ? 'verified' : 'claimed',
    details: { words: [], email: { messageId: null, references: [], subject: '', fullText: null, automatic: null, proved } }, ...change,
  });
  if (outcome.outcome === 'stored') await room.services.receiving.receiveKept(tenant, outcome.inboxId, customer.sid);
  return (await customer.conversation()).lastInboundSeq;
}

/** Somebody who texts, and who has mailed. */
async function onBoth(tenant = room.tenant): Promise<{ ada: Customer; address: string }> {
  const [ada, correspondent] = [await room.customer(tenant), await room.customer(tenant)];
  const address = `ada-${ada.sid}@x.test`;
  // What is open in a thread when it is merged is put before people.
  for (const [one, seq] of [[ada, await ada.writes('Hello')], [correspondent, await mail(correspondent, address, 'Hello by mail', true)]] as const) {
    room.model.next({ say: 'Good day.' });
    await one.turn(seq);
  }
  const [absorbedId, survivingId] = [(await correspondent.conversation()).contactId, (await ada.conversation()).contactId];
  await room.services.merging.merge(tenant.id, { absorbedId, survivingId, staff: 'Dana', reason: 'one person' });
  expect((await ada.conversation()).owner).toBe('assistant');
  return { ada, address };
}

const notes = async (customer: Customer): Promise<string[]> => (await customer.thread()).filter(({ direction }) => direction === 'internal').map(({ body }) => body);
const task = (why: string): unknown => expect.stringMatching(new RegExp(`^Task for the team: whoever shows this number or address, which is not confirmed, needs people: .*${why}`));
const askingForPeople = { callTool: { name: 'hand_off', arguments: { reason: 'wants a person' } } };

test.each([
  ['asks for people', askingForPeople, 'wants a person'],
  ['makes the model fail', { fail: 401 }, 'the model failed'],
])('a mail that anybody may have sent and that %s is a task for the team, and its owner goes on with the assistant, which is not told', async (_what, directive, why) => {
  const { ada, address } = await onBoth();
  const seq = await mail(ada, address, 'I want a human', false);
  room.model.next(directive);
  await ada.turn(seq);
  expect((await ada.conversation()).owner).toBe('assistant');
  expect((await notes(ada)).at(-1)).toEqual(task(why));
  room.model.next({ say: 'At nine.' });
  await ada.turn(await ada.writes('When is my visit?'));
  expect((await ada.heard()).at(-1)).toBe('At nine.');
  expect(JSON.stringify(room.model.turns().at(-1)!.body.messages)).not.toContain(why);
});

test('so is one that nobody answers, and people are asked to see to', async () => {
  const { ada, address } = await onBoth();
  await mail(ada, address, 'Ping', false, { unanswered: { why: 'too many mails', people: true } });
  expect([(await ada.conversation()).owner, (await notes(ada)).at(-1)]).toEqual(['assistant', task('too many mails')]);
});

test('whoever asks for people by a mail that is proved, or by a text after a forged mail, comes to people', async () => {
  for (const byText of [false, true]) {
    const { ada, address } = await onBoth();
    await mail(ada, address, 'I want a human', !byText);
    if (byText) await ada.writes('It is me, and I want a human');
    room.model.next(askingForPeople);
    await ada.turn((await ada.conversation()).lastInboundSeq);
    expect((await ada.conversation()).owner).toBe('queued');
  }
});

test('whoever nobody has proved to be comes to people by mail as ever', async () => {
  const stranger = await room.customer();
  const seq = await mail(stranger, 'stranger@x.test', 'I want a human', false);
  room.model.next(askingForPeople);
  await stranger.turn(seq);
  expect((await stranger.conversation()).owner).toBe('queued');
});

test('with the assistant switched off a mail that is not proved comes to people too: nobody else would see it', async () => {
  const { ada, address } = await onBoth(await room.services.tenancy.addTenant('Oak Clinic', {}));
  await room.services.tenancy.changeTenant(ada.tenant.id, { settings: { assistant: { enabled: false } } });
  await mail(ada, address, 'When is my visit?', false);
  expect((await ada.conversation()).owner).toBe('queued');
});
