import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** As a restart of the database server does it. */
const cutAll = async (): Promise<number> => (await house.database.query(
  'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
)).length;

test('every connection to the database is cut between two texts: both are answered', async () => {
  const customer = house.customer();
  customer.texts('When do you open?');
  await customer.expectsSms(/open Monday to Friday/);
  await house.settle();
  expect(await cutAll()).toBeGreaterThan(1);
  customer.texts('And is there parking?');
  await customer.expectsSms(/parking/i);
  await house.expectQuiet();
});

test('they are cut while the assistant thinks: one reply', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  await house.settle();
  house.model.next(async () => {
    await cutAll();
    return [{ say: 'We open at eight.' }];
  });
  customer.texts('When do you open?');
  await house.forward('2m');
  await customer.expectsSms(/^We open at eight|open Monday to Friday/);
  await house.expectQuiet();
});
