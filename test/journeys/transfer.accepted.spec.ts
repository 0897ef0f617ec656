import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asksForSomebody } from '../harness/asking.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a caller asks for a person, waits with music, and speaks with who presses 1; when that one leaves the assistant is back', async () => {
  const [lee] = await house.specialists(['Dr. Lee']);
  const [customer, call] = await asksForSomebody(house);
  await call.hears(/Please stay on the line/);
  const leg = await lee!.answers();
  await leg.hears(/about this: A question about the blue folder/);
  await leg.presses('1');
  await leg.hears(/being connected/);
  await house.thread.belongsTo(customer, 'specialist');
  await call.says('Is my folder there?');
  await leg.hearsPerson(/Is my folder there/);
  await leg.says('It is here.');
  await call.hearsPerson(/It is here/);
  leg.hangsUp();
  await call.hearsAllOf(/Is there anything else/);
  await house.thread.belongsTo(customer, 'assistant');
  house.model.next({ say: 'You are welcome.' });
  await call.says('No, thank you.');
  await call.hearsAllOf(/You are welcome/);
  call.hangsUp();
  await house.expectQuiet();
  const lines = await house.thread.lines(customer);
  expect(lines.join('\n')).toMatch(/Dr\. Lee took over[^]*Dr\. Lee handed back/);
});

test('a caller who speaks with a specialist and hangs up ends the specialist’s call too', async () => {
  const [lee] = await house.specialists(['Dr. Lee'], { keywords: ['a person please'] });
  const customer = house.customer();
  const call = customer.calls();
  await call.hears(/How can I help you/);
  await call.says('A person, please!');
  await lee!.accepts();
  await house.thread.belongsTo(customer, 'specialist');
  call.hangsUp();
  await lee!.isLeftAlone();
  await house.thread.belongsTo(customer, 'assistant');
  await house.expectQuiet();
});

test('two who accept at the same instant: one of them has the caller, the other hears that it is taken care of', async () => {
  const people = await house.specialists(['Dr. Lee', 'Dr. Chen'], { mode: 'all_at_once' });
  const [customer, call] = await asksForSomebody(house);
  const legs = await Promise.all(people.map((person) => person.answers()));
  for (const leg of legs) house.twilio.press(leg.callSid, '1');
  await house.thread.belongsTo(customer, 'specialist');
  const told = await Promise.all(legs.map((leg) => leg.hears(/being connected|already taken care of/)));
  const accepted = legs[told.findIndex((words) => /being connected/.test(words))]!;
  await legs.find((leg) => leg !== accepted)!.isOver();
  await accepted.says('Hello, this is the clinic.');
  await call.hearsPerson(/this is the clinic/);
  call.hangsUp();
  await house.expectQuiet();
  expect(told.filter((words) => /being connected/.test(words))).toHaveLength(1);
});
