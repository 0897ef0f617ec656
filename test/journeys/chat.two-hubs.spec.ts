import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';
import { Visitor } from '../harness/visitor.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ split: true });
});
afterAll(() => house.close());

/** The same visitor in two tabs, each at another process. */
async function inTwoTabs(): Promise<[Visitor, Visitor]> {
  const here = await (await house.visitor()).connects();
  const there = new Visitor(house, here.widgetKey, here.origin, house.workerUrl);
  there.session = here.session;
  return [here, await there.connects()];
}

const hears = (visitor: Visitor, body: string): Promise<unknown> => eventually(
  () => `"${body.slice(0, 30)}" to be heard; heard ${JSON.stringify(visitor.told('message').map((message) => message.body.slice(0, 30)))}`,
  () => visitor.told('message').find((message) => message.body === body),
);

test('two processes serve one visitor: what is said at one is heard at the other, however long it is', async () => {
  const [here, there] = await inTwoTabs();
  house.model.next({ say: 'Heard at both.' });
  await here.says('Said here');
  await Promise.all([hears(there, 'Said here'), there.expects(/^Heard at both/), here.expects(/^Heard at both/)]);
  const long = '€'.repeat(4_000); // 12,000 bytes: more than a NOTIFY takes
  house.model.next({ say: 'That was long.' });
  await there.says(long);
  await Promise.all([hears(here, long), here.expects(/^That was long/), there.expects(/^That was long/)]);
  await house.expectQuiet();
});

test('one process is killed: its tab goes on at the other one, and nothing is missing or twice', async () => {
  const [here, there] = await inTwoTabs();
  house.model.next({ say: 'Before.' });
  await here.says('First');
  await there.expects(/^Before/);
  const { cursor } = await here.reads();
  await house.kill('web');
  here.hub = house.workerUrl;
  await here.connects();
  house.model.next({ say: 'After.' });
  await here.says('Second');
  await Promise.all([here.expects(/^After/), there.expects(/^After/)]);
  expect((await here.reads(`?after=${cursor}`)).messages.map(({ body }) => body)).toEqual(['Second', 'After.']);
  await house.start();
  await house.expectQuiet();
});

test('the lines between the processes break: what is said meanwhile is heard, or asked for', async () => {
  const [here, there] = await inTwoTabs();
  await house.cutLines();
  house.model.next({ say: 'Mended.' });
  await here.says('Are you there?');
  await Promise.all([here.expects(/^Mended/), there.expects(/^Mended/)]);
  await house.expectQuiet();
});
