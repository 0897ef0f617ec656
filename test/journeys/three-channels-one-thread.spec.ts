import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Customer } from '../harness/customer.js';
import { type House, openHouse } from '../harness/house.js';
import { hasRcs, rcsPerson } from '../harness/rcs.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await hasRcs(house);
});
afterAll(() => house.close());

/** One way of one person to us: further channels are further lines here. */
function apps(): Record<string, Customer> {
  const { rcs, sms, number } = rcsPerson(house);
  return { sms, rcs, whatsapp: house.customer(`whatsapp:${number}`, `whatsapp:${sms.ourNumber}`) };
}

test('one person, every channel, in any order: one thread in the order of events, a channel on each message, each answer where it was asked', async () => {
  const theirs = apps();
  const channels = Object.keys(theirs);
  const [order] = fc.sample(fc.array(fc.constantFrom(...channels), { minLength: 6, maxLength: 6 }), 1);
  const said = [...channels, ...order!].map((channel, n) => ({ channel, question: `Question ${n}?`, answer: `Answer ${n}.` }));
  for (const { channel, question, answer } of said) {
    house.model.next({ say: answer });
    theirs[channel]!.texts(question);
    await theirs[channel]!.expectsSms(new RegExp(`^${answer}`));
  }
  await house.settle();
  const thread = await house.thread.messages(theirs['sms']!);
  expect(thread.map(({ channel, body, via }) => [channel, body, via])).toEqual(
    said.flatMap(({ channel, question, answer }) => [[channel, question, null], [channel, answer, null]]),
  );
  expect(house.twilio.conversations()).toHaveLength(1);
  await house.thread.isMirrored(theirs['sms']!);
  expect((await house.thread.mirrored(theirs['sms']!)).map((line) => line.split(': ').at(-1))).toEqual(said.flatMap(({ question, answer }) => [question, answer]));
  await house.expectQuiet();
});
