import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
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

test('a request that is under way is answered, and nobody waits for what else might come on its connection', async () => {
  const { hostname, port } = new URL(house.url);
  const connection = net.connect(Number(port), hostname);
  let answer = '';
  connection.on('data', (part: Buffer) => (answer += part.toString()));
  await once(connection, 'connect');
  // Half of it has come when the hub is told to stop.
  connection.write('POST /api/v1/senders HTTP/1.1\r\nHost: hub\r\nConnection: keep-alive\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{');
  await house.api('/tenant');
  const stopped = house.stop();
  await eventually('the hub to take nobody in any more', () => fetch(`${house.url}/healthz`).then(() => false, () => true));
  connection.write('}');
  await Promise.all([stopped, once(connection, 'close')]);
  expect([answer.slice(0, 12), house.exitCodes]).toEqual(['HTTP/1.1 401', [0]]);
  await house.start();
  await house.expectQuiet();
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
