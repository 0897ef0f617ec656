import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Customer } from '../harness/customer.js';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

interface Waiting {
  id: string;
  failures: number;
  dead_at: Date | null;
}

const waiting = (): Promise<Waiting[]> => house.database.query(`select id, failures, dead_at from outbox where name = 'inbox.receive' order by created_at, id`);
const failed = (jobs: number): Promise<unknown> => eventually(`${jobs} failing jobs`, async () => {
  const rows = await waiting();
  return rows.length === jobs && rows.every(({ failures }) => failures > 0);
});
const inbound = async (customer: Customer): Promise<string[]> => (await house.thread.lines(customer)).filter((line) => line.startsWith('in: '));

test('somebody new writes while Conversations is out of order for hours: nothing is given up, and in the end all is answered, in its order', async () => {
  const customer = house.customer();
  house.twilio.fault({ kind: '500-before', times: 0, match: { method: 'POST', host: 'conversations', path: '/v1/Conversations$' } });
  customer.texts('What are your opening hours?');
  await failed(1);
  // As often as in some hours.
  await house.database.query(`update outbox set failures = 60 where name = 'inbox.receive'`);
  await house.forward('6m');
  customer.texts('I mean on weekdays.');
  await failed(2);
  await house.forward('6m');
  await house.forward('6m');
  expect((await waiting()).map(({ dead_at }) => dead_at)).toEqual([null, null]);
  house.twilio.clearFaults();
  house.model.next({ say: 'On weekdays from eight.' });
  await house.forward('6m');
  await customer.expectsSms(/^On weekdays/);
  await house.expectQuiet();
  expect(await inbound(customer)).toEqual(['in: What are your opening hours?', 'in: I mean on weekdays.']);
});

test('a first text whose job was set aside is received when Twilio tells of it once more', async () => {
  const customer = house.customer();
  house.twilio.fault({ kind: '500-before', times: 0, match: { method: 'POST', host: 'conversations', path: '/v1/Conversations$' } });
  customer.texts('What are your opening hours?');
  await failed(1);
  await house.database.query(`update outbox set dead_at = due_at where name = 'inbox.receive'`);
  house.twilio.clearFaults();
  // The round that looks for lost texts finds this one in Twilio's list.
  await house.forward('6m');
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
  expect(await inbound(customer)).toEqual(['in: What are your opening hours?']);
});
