import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

const KILLS = 4;
const PEOPLE = 4;
/** After each text. From a text to the copy of its answer in the Conversation takes about 400 ms here: most kills find texts at several stages. */
const LONGEST_PAUSE_MS = 200;
let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('four times the hub is killed at some moment, with four texts between question and answer: one reply to each, in one thread of each', async () => {
  house.model.use(async (prompt) => [{ say: `Answer to: ${prompt.lastUserText}` }]);
  const people = Array.from({ length: PEOPLE }, () => house.customer());
  const pauses: number[] = [];
  const kills = Array.from({ length: KILLS }, (_, index) => index + 1);
  for (const kill of kills) {
    for (const customer of people) {
      await house.knows(customer.texts(`Question ${kill}?`));
      pauses.push(Math.round(Math.random() * LONGEST_PAUSE_MS));
      await delay(pauses.at(-1));
    }
    await house.killAll();
    await house.start();
    await house.forward('2m');
    for (const customer of people) {
      await customer.expectsSms(new RegExp(`^Answer to: Question ${kill}\\?$`)).catch((error: unknown) => {
        throw new Error(`Paused for ${pauses.join(', ')} ms: ${String(error)}`);
      });
    }
  }
  await house.expectQuiet();
  for (const customer of people) expect(await house.thread.lines(customer)).toEqual(kills.flatMap((kill) => [`in: Question ${kill}?`, `out: Answer to: Question ${kill}?`]));
});
