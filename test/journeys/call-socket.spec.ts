import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';
import { HandDrivenCall } from '../harness/socket.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

async function ready(): Promise<HandDrivenCall> {
  const call = new HandDrivenCall(house, `+1555${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`);
  expect(await call.connects(await call.address())).toBe(101);
  call.setup();
  return call;
}
const prompt = (voicePrompt: string, more: object = {}): object => ({ type: 'prompt', voicePrompt, lang: 'en-US', last: true, ...more });
const lines = (call: HandDrivenCall): Promise<string[]> => house.thread.lines({ address: call.from });

test('a socket opens with a signed address and a token of its call, once', async () => {
  const call = new HandDrivenCall(house, '+15550001111');
  const address = await call.address();
  expect(await call.connects(address, 'bm90IGl0')).toBe(403);
  expect(await call.connects(`${address}x`)).toBe(403);
  expect(await call.connects(address.replace(/[^/]+$/, ''))).toBe(403);
  expect(await call.address()).toBe(address);
  expect(await call.connects(address)).toBe(101);
  call.setup();
  house.model.next({ say: 'Hello Ada.' });
  call.sends(prompt('This is Ada.'));
  await call.hears(/Hello Ada\./);
  expect(await call.connects(address)).toBe(403);
  await call.ends();
  await house.expectQuiet();
});

test('a socket that comes for another call than its own is closed', async () => {
  const call = new HandDrivenCall(house, '+15550001112');
  await call.connects(await call.address());
  call.setup(`CA${'0'.repeat(32)}`);
  expect(await call.isClosed()).toBe(1008);
  await call.webhook('/status', { CallStatus: 'completed' });
  await house.settle();
});

test('two questions before an answer are one answer to both; what is malformed, unknown or empty does no harm', async () => {
  const call = await ready();
  call.sends('not json', '[]', '{"type":"prompt"}', '{"type":"dtmf","digit":"x"}', { type: 'news', of: 2027 }, Buffer.from([1, 2, 3]), prompt('  '));
  const asked = house.model.requests().length;
  house.model.next({ say: 'This is nobody’s answer.', delayMs: 500 });
  house.model.next({ say: 'Both, then.' });
  call.sends(prompt('Do you', { last: false }), prompt('Do you open on Mondays?'));
  await house.model.received(asked + 1);
  call.sends(prompt('Or on Tuesdays?'));
  await call.hears(/Both, then\./);
  await call.ends();
  await house.settle();
  expect(call.said).not.toMatch(/nobody/);
  expect((await lines(call)).slice(1)).toEqual(['in: Do you open on Mondays?', 'in: Or on Tuesdays?', 'out: Both, then.']);
  await house.expectQuiet();
});

test('keys are one message, a slow answer is announced, an interruption before a word was heard leaves nothing said', async () => {
  const call = await ready();
  house.model.next({ say: 'Room twelve it is.', delayMs: 1_800 });
  for (const digit of '12#') call.sends({ type: 'dtmf', digit });
  await call.hears(/^One moment, please\. Room twelve it is\./);
  call.sends({ type: 'interrupt', utteranceUntilInterrupt: 'One moment', durationUntilInterruptMs: '12' });
  house.model.next({ say: 'Good.' });
  call.sends(prompt('Never mind.'));
  await call.hears(/Good\.$/);
  await call.ends();
  await house.settle();
  const [, keys, unheard] = await house.thread.messages({ address: call.from });
  expect([keys!.body, unheard!.status]).toEqual(['12', 'undelivered']);
  await house.expectQuiet();
});

test.each([['a frame that is too large', () => ['x'.repeat(70_000)], 1009], ['a flood', () => Array.from({ length: 400 }, () => '{"type":"info"}'), 1008]])('%s ends the socket, and the caller is connected anew', async (_, frames, code) => {
  const call = await ready();
  call.sends(...frames());
  expect(await call.isClosed()).toBe(code);
  expect(await call.webhook('/connect', { SessionStatus: 'failed', ErrorCode: '64105' })).toMatch(/ConversationRelay/);
  await call.webhook('/status', { CallStatus: 'completed' });
  await house.expectQuiet();
});
