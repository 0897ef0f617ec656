import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await house.speaksBy('realtime');
});
afterAll(() => house.close());

test('a model that hears and speaks knows what was written, uses tools, and both sides of the call are in the thread, in order', async () => {
  const customer = house.customer();
  house.model.next({ say: 'Noted: the blue folder.' });
  customer.texts('Please keep my blue folder at the desk.');
  await customer.expectsSms(/blue folder/);
  await house.forward('1h');

  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ steps: async (prompt) => [{ say: /blue folder/.test(JSON.stringify(prompt)) ? 'Yes, your blue folder is here.' : 'Which folder?' }] });
  await call.says('Do you still have it?');
  await call.hearsAllOf(/Yes, your blue folder is here/);
  house.model.next({ say: 'I am writing it down.', callTool: { name: 'take_message', arguments: { message: 'The caller comes at six.' } } });
  house.model.next({ afterTool: 'take_message', say: 'The team knows.' });
  await call.says('I come at six, tell them.');
  await call.hearsAllOf(/The team knows/);
  house.model.next({ say: 'Four seven one one, thank you.' });
  customer.texts('4711');
  await call.hearsAllOf(/Four seven one one/);
  call.hangsUp();
  await house.expectQuiet();

  const thread = await house.thread.messages(customer);
  expect(thread.map(({ channel, direction, body }) => [channel, direction, body])).toEqual([
    ['sms', 'inbound', 'Please keep my blue folder at the desk.'], ['sms', 'outbound', 'Noted: the blue folder.'],
    ['voice', 'outbound', expect.stringMatching(/How can I help you/)], ['voice', 'inbound', 'Do you still have it?'],
    ['voice', 'outbound', 'Yes, your blue folder is here.'], ['voice', 'inbound', 'I come at six, tell them.'],
    ['voice', 'outbound', 'I am writing it down. The team knows.'], ['internal', 'internal', expect.stringMatching(/comes at six/)],
    ['sms', 'inbound', '4711'], ['voice', 'outbound', 'Four seven one one, thank you.'],
  ]);
  expect((await house.thread.mirrored(customer)).slice(-4, -2)).toEqual([`voice:${customer.address}: I come at six, tell them.`, 'assistant: I am writing it down. The team knows.']);
});

test('a caller who speaks silences the model at once, and neither we nor it remember what was not heard', async () => {
  const customer = house.customer();
  const call = customer.calls();
  await call.hearsAllOf(/How can I help you/);
  const long = `We open at eight in the morning${' and then there is a great deal more to be told about this'.repeat(20)}, which nobody wants to hear.`;
  house.model.next({ say: long });
  await call.says('When do you open?');
  await eventually('a few words to be said', () => call.words().some((words) => /We open at eight/.test(words)));
  house.model.next({ say: 'Yes, also on Saturdays.' });
  await call.says('And on Saturdays?');
  await call.hearsAllOf(/also on Saturdays/);
  call.hangsUp();
  await house.expectQuiet();
  const [, , cut, , reply] = await house.thread.messages(customer);
  expect([cut!.status, reply!.body]).toEqual(['delivered', 'Yes, also on Saturdays.']);
  expect(long.startsWith(cut!.body) && cut!.body.length < long.length).toBe(true);
  expect(JSON.stringify(house.model.turns().at(-1)!.body.messages)).not.toContain('nobody wants to hear');
});

test('a line to the model that breaks is made anew: what was said is heard once more, or the question answered once more', async () => {
  const customer = house.customer();
  const call = customer.calls();
  await call.hearsAllOf(/How can I help you/);
  house.model.next({ steps: [{ stop: 'cut' }] });
  house.model.next({ say: 'We are open from', betweenMs: 120, stopAfterWords: 3 });
  house.model.next({ say: 'From eight to six.' });
  await call.says('When are you open?');
  await call.hearsAllOf(/From eight to six/);
  await house.settle();
  // Whether the first break came before the words were written down or after it: they are there once, and answered.
  const thread = (await house.thread.messages(customer)).slice(1);
  expect(thread.filter(({ direction }) => direction === 'inbound').map(({ body }) => body)).toEqual(['When are you open?']);
  expect(thread.slice(-3).map(({ body }) => body)).toEqual([expect.stringMatching(/^We are/), expect.stringMatching(/cut off/), 'From eight to six.']);
  house.model.next({ steps: [{ stop: 'cut' }] });
  house.model.next({ say: 'On Sundays we are closed.' });
  await call.says('And on Sundays?');
  await call.hearsAllOf(/On Sundays we are closed/);
  expect(await house.database.query('select engine, sessions, state from calls where call_sid = $1', [call.callSid])).toEqual([{ engine: 'relay', sessions: 2, state: 'talking' }]);
  call.hangsUp();
  await house.expectQuiet();
});
