import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a caller who speaks ends the answer at once: nothing more of it is said, and only what was heard of it is remembered', async () => {
  const customer = house.customer();
  const call = customer.calls();
  await call.hears(/How can I help you/);
  const long = 'We open at eight in the morning and then there is a great deal more to be told about this.';
  house.model.next({ say: long, betweenMs: 40 });
  await call.says('When do you open?');
  await call.hears(/^We open/);
  await eventually('a few words to be said', () => /morning/.test(call.words().at(-1)!));
  house.model.next({ say: 'Yes, also on Saturdays.' });
  await call.says('And on Saturdays?');
  await call.hearsAllOf(/also on Saturdays/);
  await house.settle();

  const [, , cut, , reply] = await house.thread.messages(customer);
  expect([cut!.status, reply!.body]).toEqual(['delivered', 'Yes, also on Saturdays.']);
  expect(long.startsWith(cut!.body) && cut!.body.length < long.length && /morning/.test(cut!.body)).toBe(true);
  const frames = house.twilio.relayFrames(call.callSid).filter(({ by }) => by === 'app').map(({ frame }) => frame).join('');
  expect(frames).not.toMatch(/about this/);
  expect(house.model.turns().some(({ outcome }) => outcome === 'abandoned')).toBe(true);
  const shown = JSON.stringify((await house.model.received(2)).at(-1)!.body.messages);
  expect(shown).toContain(cut!.body);
  expect(shown).not.toContain('a great deal more to be told');
  call.hangsUp();
  await house.expectQuiet();
});
