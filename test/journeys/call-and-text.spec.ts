import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Caller } from '../harness/caller.js';
import type { Customer } from '../harness/customer.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** They call, and the assistant waits for a text of theirs. */
async function asksForANumber(customer: Customer): Promise<Caller> {
  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ say: 'Please text me the number.' });
  await call.says('I have a parcel number for you.');
  await call.hearsAllOf(/text me the number/);
  return call;
}

test('a text that comes during a call is answered in the call, and not a second time in writing', async () => {
  const customer = house.customer();
  const call = await asksForANumber(customer);
  house.model.next({ say: 'Thank you, I have four seven one one.' });
  customer.texts('4711');
  await call.hearsAllOf(/four seven one one/);
  call.hangsUp();
  await house.forward('1m');
  await house.expectQuiet();
  const thread = await house.thread.messages(customer);
  expect(thread.slice(-2).map(({ channel, body }) => [channel, body])).toEqual([['sms', '4711'], ['voice', 'Thank you, I have four seven one one.']]);
});

test('a text that comes during a call whose caller hangs up before a word of the answer is answered in writing', async () => {
  const customer = house.customer();
  const call = await asksForANumber(customer);
  const asked = house.model.requests().length;
  house.model.next({ delayMs: 15_000, say: 'Nobody hears this.' });
  customer.texts('4711. When does it come?');
  await house.model.received(asked + 1);
  call.hangsUp();
  await call.isOver();
  house.model.next({ say: 'It comes tomorrow.' });
  await house.forward('1m');
  await customer.expectsSms(/It comes tomorrow/);
  await house.expectQuiet();
});

test('a text before a call in which the caller only says hello is answered in writing', async () => {
  const customer = house.customer();
  const asked = house.model.requests().length;
  house.model.next({ delayMs: 15_000, say: 'Too late.' });
  customer.texts('Do you still have my blue folder?');
  await house.model.received(asked + 1);
  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ delayMs: 15_000, say: 'Nobody hears this.' });
  await call.says('Hello, are you there?');
  await house.model.received(asked + 2);
  call.hangsUp();
  await call.isOver();
  house.model.next({ say: 'Your folder is here.' });
  await house.forward('2m');
  await customer.expectsSms(/folder is here/);
  await house.expectQuiet();
});

test('a link is texted to the phone that somebody is calling from, once, and not where they have said STOP', async () => {
  const customer = house.customer();
  const asks = async (): Promise<void> => {
    const call = customer.calls();
    await call.hears(/How can I help you/);
    house.model.next({ say: 'I am sending you the link now.', callTool: { name: 'text_caller', arguments: { message: 'Your form: https://clinic.test/f/1' } } });
    house.model.next({ steps: async (prompt) => [{ say: /refused/.test(JSON.stringify(prompt)) ? 'I may not text you.' : 'It is there.' }] });
    await call.says('Can I have the form?');
    await call.hearsAllOf(/It is there|may not text/);
    call.hangsUp();
    await house.expectQuiet();
  };
  house.model.next({ say: 'Hello.' });
  customer.texts('Hello');
  await customer.expectsSms(/Hello/);
  await Promise.all([asks(), customer.expectsSms(/Your form: https/)]);
  const thread = (await house.thread.messages(customer)).map(({ channel, body }) => `${channel}: ${body}`);
  expect(thread.slice(-2).toSorted()).toEqual(['sms: Your form: https://clinic.test/f/1', 'voice: I am sending you the link now. It is there.']);
  customer.texts('STOP');
  await customer.expectsSms(/unsubscribed/);
  await asks();
});

test('who says on the phone that they want no more texts gets none, not even a link that they ask for later', async () => {
  const customer = house.customer();
  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ callTool: { name: 'no_more_texts', arguments: {} } });
  house.model.next({ say: 'You will get no more texts.' });
  await call.says('Stop texting me, please.');
  await call.hearsAllOf(/no more texts/);
  house.model.next({ callTool: { name: 'text_caller', arguments: { message: 'https://clinic.test/f/1' } } });
  house.model.next({ steps: async (prompt) => [{ say: /refused/.test(JSON.stringify(prompt)) ? 'I may not text you.' : 'It is there.' }] });
  await call.says('Can I have the form?');
  await call.hearsAllOf(/may not text/);
  call.hangsUp();
  await house.expectQuiet();
  expect(await house.database.query(`select channel, wording from consents where state = 'opted_out' and address = '${customer.address}' order by channel`)).toEqual(
    ['rcs', 'sms', 'whatsapp'].map((channel) => ({ channel, wording: 'Stop texting me, please.' })));
});

describe('who calls before their text is answered gets one answer', () => {
  const QUESTION = 'Do you still have my blue folder?';
  const ANSWER = 'Your folder is here.';

  /** @returns the call, in which they were greeted, and what lets the model answer their text */
  async function textsAndCalls(customer: Customer): Promise<{ call: Caller; answersText: () => void }> {
    let answersText!: () => void;
    const thought = new Promise<void>((resolve) => (answersText = resolve));
    const asked = house.model.requests().length;
    house.model.next({ steps: async () => thought.then(() => [{ say: ANSWER }]) });
    customer.texts(QUESTION);
    await house.model.received(asked + 1);
    const call = customer.calls();
    await call.hears(/How can I help you/);
    return { call, answersText };
  }

  const answeredBy = async (customer: Customer): Promise<string[]> => (await house.thread.messages(customer)).filter(({ body }) => body === ANSWER).map(({ channel }) => channel);

  test('in the call, where they ask there', async () => {
    const customer = house.customer();
    const { call, answersText } = await textsAndCalls(customer);
    house.model.next({ steps: async (prompt) => [{ say: JSON.stringify(prompt).includes(QUESTION) ? ANSWER : 'Which folder?' }] });
    await call.says('I have just texted you.');
    await call.hearsAllOf(/folder is here/);
    answersText();
    call.hangsUp();
    await house.expectQuiet();
    expect(await answeredBy(customer)).toEqual(['voice']);
  });

  test('in writing, where they say nothing', async () => {
    const customer = house.customer();
    const { call, answersText } = await textsAndCalls(customer);
    answersText();
    await customer.expectsSms(/folder is here/);
    call.hangsUp();
    await house.expectQuiet();
    expect(await answeredBy(customer)).toEqual(['sms']);
  });
});

test('a text that came too late for the call is answered in writing', async () => {
  const customer = house.customer();
  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ say: 'Good.' });
  await call.says('I will text you.');
  await call.hearsAllOf(/Good/);
  call.hangsUp();
  await call.isOver();
  house.model.next({ say: 'Thank you for the text.' });
  customer.texts('Here it is.');
  await customer.expectsSms(/Thank you for the text/);
  await house.expectQuiet();
});
