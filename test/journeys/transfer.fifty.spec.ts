import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Caller } from '../harness/caller.js';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';
import { PeopleAtRandom } from '../harness/people.js';

const CALLERS = 50;
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e6));

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** Whoever hears the words of this caller, among all calls. */
const heardBy = (words: string): string[] => house.twilio.calls().filter(({ callSid }) => house.twilio.heard(callSid).some(({ kind, text }) => kind === 'voice' && text === words)).map(({ callSid }) => callSid);

async function callsAndAsks(): Promise<Caller> {
  const call = house.customer().calls();
  await call.hears(/How can I help you/);
  await call.says('A person, please!');
  return call;
}

test(`fifty who ask for a person at once, with specialists who do as they like and webhooks in any order, twice or never: each has a person or the assistant, and no two meet (SEED=${seed})`, async () => {
  const people = new PeopleAtRandom(house, seed);
  house.twilio.switches({ playMs: 20_000 });
  const callers: Caller[] = [];
  for (const mode of ['in_order', 'all_at_once']) {
    await house.specialists(['Dr. Lee', 'Dr. Chen'], { mode, ringSeconds: 20, keywords: ['a person please'] });
    // A few at a time, so that a slow machine greets each within the time a test waits. Meanwhile those who are called act: by the time that all are there, the first would ring no more.
    for (let begun = 0; begun < CALLERS / 2; begun += 5) {
      callers.push(...(await Promise.all(Array.from({ length: 5 }, callsAndAsks))));
      people.allAct(callers);
    }
  }
  const ends = await people.actUntilAllEnd(callers);
  for (const [index, caller] of callers.entries()) {
    if (ends.get(caller.callSid) !== 'merged' || people.gone.has(caller.callSid)) continue;
    house.twilio.speak(caller.callSid, `I am number ${index}.`);
    expect(heardBy(`I am number ${index}.`)).toHaveLength(1);
  }
  const back = callers.filter(({ callSid }) => ends.get(callSid) === 'returned' && !people.gone.has(callSid));
  for (const caller of back) {
    await eventually(() => `a caller to be told how it ended: ${caller.words().slice(-4).join(' | ')}; ${JSON.stringify(house.twilio.callState(caller.callSid))}`, () => caller.words().some((words) => /May I take a message|anything else/.test(words)));
  }
  for (const { callSid } of callers) if (house.twilio.callState(callSid).status === 'in-progress') house.twilio.hangUp(callSid);
  // Where the word of its end was lost, Twilio is asked; whoever asked right before that asks again.
  for (const _ of [1, 2]) {
    await house.forward('16m');
    await house.settle();
  }
  await house.expectQuiet();
  // Who hangs up in time to be one of `caller_left` is chance.
  expect([...ends.values()].sort()).toEqual(expect.arrayContaining(['merged', 'returned']));
});
