import { expect, test } from '@jest/globals';
import { ANNA, FRONT_DESK, refusal } from './contract-house.js';
import { bind, v1 } from './conversation-steps.js';

const members = async (name = 'c') => {
  const { sid } = await v1().conversations.create({ uniqueName: name });
  return v1().conversations(sid).participants;
};

test('participants by identity and by phone join, change and leave', async () => {
  const list = await members();
  const identity = await list.create({ identity: `sms:${ANNA}`, attributes: '{"channel":"sms"}' });
  expect(identity).toMatchObject({ identity: `sms:${ANNA}`, messagingBinding: null, lastReadMessageIndex: null });
  const phone = await list.create(bind(ANNA, FRONT_DESK));
  expect(phone.messagingBinding).toEqual({ type: 'sms', address: ANNA, proxy_address: FRONT_DESK });
  const here = v1().conversations('c');
  expect((await here.participants(identity.sid).fetch()).sid).toBe(identity.sid);
  expect((await here.participants(identity.sid).update({ attributes: '{"x":1}', lastReadMessageIndex: 3 })).lastReadMessageIndex).toBe(3);
  expect((await list.list()).map((one) => one.sid)).toEqual([identity.sid, phone.sid]);
  expect(await here.participants(phone.sid).remove()).toBe(true);
  expect(await refusal(here.participants(phone.sid).fetch())).toMatchObject({ status: 404 });
  expect((await v1().users.list()).map((one) => one.identity)).toEqual([`sms:${ANNA}`]);
});

test('nobody joins twice; a taken pair names the conversation that has it', async () => {
  const list = await members();
  await list.create({ identity: 'anna' });
  expect(await refusal(list.create({ identity: 'anna' }))).toMatchObject({ status: 409, code: 50433 });
  const { conversationSid } = await list.create(bind(ANNA, FRONT_DESK));
  const refused = await refusal((await members('other')).create(bind(ANNA, FRONT_DESK)));
  expect(refused).toMatchObject({ status: 409, code: 50416 });
  expect(/Conversation (CH[0-9a-f]{32})/.exec(refused.message)?.[1]).toBe(conversationSid);
});

test.each([
  ['nothing at all', {}, 50204],
  ['a number that is none', bind('12', FRONT_DESK), 50407],
  ['a proxy that is none', bind(ANNA, 'x:y:z'), 50408],
  ['the same number twice', bind(FRONT_DESK, FRONT_DESK), 50409],
  ['no address', bind('', FRONT_DESK), 50411],
  ['no proxy', bind(ANNA, ''), 50412],
  ['a proxy of somebody else', bind(ANNA, '+15550999999'), 50413],
  ['two channels', bind(ANNA, `whatsapp:${FRONT_DESK}`), 50414],
  ['a WhatsApp proxy of somebody else', bind(`whatsapp:${ANNA}`, 'whatsapp:+15550999999'), 50415],
  ['an identity with a phone', { identity: 'x', ...bind(ANNA, FRONT_DESK) }, 50211],
  ['a projected address of somebody else', { 'messagingBinding.projectedAddress': '+15550999999' }, 50439],
])('a participant with %s is refused', async (_, wanted, code) => {
  expect(await refusal((await members()).create(wanted))).toMatchObject({ status: 400, code });
});
