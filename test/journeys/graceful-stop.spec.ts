import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a hub that is told to stop finishes the answer it is thinking of, and the next start goes on without a second one', async () => {
  const customer = house.customer();
  house.model.next({ delayMs: 1_000 });
  customer.texts('What are your opening hours?');
  await house.model.received(1);
  await house.stop();
  expect(house.model.turns()).toHaveLength(1);
  expect(house.model.turns()[0]!.outcome).toBe('answered');
  await house.start();
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
  expect(house.model.turns()).toHaveLength(1);
});

test('stopping with nothing to do takes no time and says nothing alarming', async () => {
  await house.settle();
  const before = house.log.length;
  await house.stop();
  expect(house.exitCodes).toEqual([0]);
  expect(house.log.slice(before)).not.toMatch(/error|warn|"level":[45]0/i);
  await house.start();
  await house.expectQuiet();
});
