import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

const ROUNDS = 10;
/** From the text to its copy in the Conversation takes about this long here. */
const LONGEST_LIFE_MS = 400;
let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('ten times the hub is killed at some moment between text and answer: one reply to each text, in one thread', async () => {
  house.model.use(async (prompt) => [{ say: `Answer to: ${prompt.lastUserText}` }]);
  const customer = house.customer();
  const lives: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const sid = customer.texts(`Question ${round}?`);
    await house.knows(sid);
    lives.push(Math.round(Math.random() * LONGEST_LIFE_MS));
    await house.killAfter(lives.at(-1)!);
    await house.start();
    await house.forward('2m');
    await customer.expectsSms(new RegExp(`^Answer to: Question ${round}\\?$`)).catch((error: unknown) => {
      throw new Error(`Lived ${lives.join(', ')} ms: ${String(error)}`);
    });
  }
  await house.expectQuiet();
  const rounds = Array.from({ length: ROUNDS }, (_, index) => index + 1);
  expect(await house.thread.lines(customer)).toEqual(rounds.flatMap((round) => [`in: Question ${round}?`, `out: Answer to: Question ${round}?`]));
});
