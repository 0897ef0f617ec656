import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test.each([
  ['emoji', '👩🏽‍⚕️ is Dr. Ōé in? 🏥👍🏾', '👩🏽‍⚕️ is Dr. Ōé in? 🏥👍🏾'],
  ['Hebrew and Arabic', 'מתי אתם פתוחים? متى تفتحون؟', 'מתי אתם פתוחים? متى تفتحون؟'],
  ['1,600 characters', 'ä'.repeat(1_600), 'ä'.repeat(1_600)],
  ['a NUL byte, which is left out', 'before\u0000after', 'beforeafter'],
  ['quotes, backslashes, markup and a placeholder', `Robert'); drop table messages; -- \\u0000 <b>&amp;</b> {{facts}} $1 %s`, `Robert'); drop table messages; -- \\u0000 <b>&amp;</b> {{facts}} $1 %s`],
  ['line breaks and blanks around it', '  first\r\nsecond\n\n  ', '  first\r\nsecond\n\n  '],
])('a text with %s is kept, shown to the model, answered and mirrored as it is', async (_what, body, kept) => {
  house.model.next(async (prompt) => [{ say: `Heard ${[...prompt.lastUserText].length} characters 👍` }]);
  const customer = house.customer();
  customer.texts(body);
  await customer.expectsSms(/^Heard \d+ characters 👍$/);
  await house.expectQuiet();
  expect((await house.thread.messages(customer))[0]).toMatchObject({ body: kept });
  expect((await house.thread.mirrored(customer))[0]).toBe(`sms:${customer.address}: ${kept}`);
  const shown = house.model.turns().at(-1)!.body.messages.findLast((message) => message.role === 'user')!;
  expect(shown.content).toBe(kept);
});

test('a text without words, only a picture, is a message too', async () => {
  const customer = house.customer();
  house.twilio.text({ from: customer.address, to: customer.ourNumber, body: '', mediaUrls: ['https://media.example/rash.jpg'] });
  await customer.expectsSms(/./);
  await house.expectQuiet();
  expect((await house.thread.messages(customer))[0]).toMatchObject({ body: '', media: [{ contentType: 'image/jpeg' }] });
});
