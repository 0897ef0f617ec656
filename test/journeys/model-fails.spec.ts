import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Rule } from '@throughline/scripted-model/script.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const APOLOGY = /^Sorry, I cannot answer this right now\. A colleague has been told and will get back to you\.$/;

const failures: [string, Rule][] = [
  ['answers 500 every time', { fail: 500 }],
  ['answers 429 every time', { fail: 429 }],
  ['says that the balance is used up', { fail: 429, code: 'insufficient_quota' }],
  ['refuses the key', { fail: 401 }],
  ['breaks off in the middle of a sentence', { say: 'Our opening hours are from eight to', stopAfterWords: 5 }],
  ['just ends in the middle of a sentence', { say: 'Our opening hours are from eight to', stopAfterWords: 5, stopBy: 'end' }],
  ['says nothing at all', { say: '' }],
  ['says only blanks', { say: ' \n ' }],
  ['rambles to its limit', { say: 'Our opening hours are', finish: 'length' }],
];

test.each(failures)('a model that %s: one honest line, no half sentence, and people are called', async (_how, rule) => {
  house.model.use([rule]);
  const customer = house.customer();
  customer.texts('What are your opening hours?');
  await customer.expectsSms(APOLOGY);
  await house.thread.belongsTo(customer, 'queued');
  await house.expectQuiet();
});

test('a model that falls silent in the middle of a sentence is given up after some seconds, with the same honest line', async () => {
  house.model.use([{ steps: [{ say: 'Our opening hours are from ' }, { hang: true }] }]);
  const customer = house.customer();
  customer.texts('What are your opening hours?');
  await customer.expectsSms(APOLOGY);
  await house.thread.belongsTo(customer, 'queued');
  await house.expectQuiet();
});

test('a model that fails once is asked again, and the customer notices nothing', async () => {
  house.model.use([]);
  house.model.next({ fail: 503 });
  const customer = house.customer();
  customer.texts('What are your opening hours?');
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
});

test('a slow model is waited for, and nobody is bothered meanwhile', async () => {
  house.model.next({ delayMs: 3_000 });
  const customer = house.customer();
  customer.texts('What are your opening hours?');
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
  expect(await house.thread.lines(customer)).toHaveLength(2);
});
