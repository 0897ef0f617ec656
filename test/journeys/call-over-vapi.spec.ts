import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';
import { VAPIS_OWN } from '../harness/house.parts.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ vapi: true, split: true });
  await house.speaksBy('vapi');
});
afterAll(() => house.close());

test('who calls by Vapi is known from what they wrote, interrupts, and is in the same thread', async () => {
  const customer = house.customer();
  house.model.next({ say: 'Noted: the blue folder.' });
  customer.texts('Please keep my blue folder at the desk.');
  await customer.expectsSms(/blue folder/);

  const call = customer.calls();
  await call.hearsAllOf(/How can I help you/);
  house.model.next({ callTool: { name: 'remember', arguments: { fact: 'Keeps a folder at the desk.' } } });
  house.model.next({ afterTool: 'remember', steps: async (prompt) => [{ say: /blue folder/.test(JSON.stringify(prompt)) ? 'Yes, your blue folder is here.' : 'Which folder?' }] });
  expect(await call.says('Do you still have it?')).toBe('stream');
  await call.hearsAllOf(/Yes, your blue folder is here/);
  const long = 'We open at eight in the morning. And then there is a great deal more to be told about this, which nobody wants to hear.';
  house.model.next({ say: long, betweenMs: 20 });
  await call.says('When do you open?');
  await call.hears(/in the morning/);
  house.model.next({ say: 'Also on Saturdays.' });
  await call.says('And on Saturdays?');
  await call.hearsAllOf(/Also on Saturdays/);
  call.hangsUp();
  await house.expectQuiet();

  const thread = await house.thread.messages(customer);
  expect(thread.map(({ channel, direction, body }) => `${channel} ${direction}: ${body}`)).toEqual([
    'sms inbound: Please keep my blue folder at the desk.', 'sms outbound: Noted: the blue folder.',
    expect.stringMatching(/^voice outbound: .*How can I help you/), 'voice inbound: Do you still have it?', 'voice outbound: Yes, your blue folder is here.',
    'voice inbound: When do you open?', expect.stringMatching(/^voice outbound: We open at eight/), 'voice inbound: And on Saturdays?', 'voice outbound: Also on Saturdays.',
  ]);
  const cut = thread.at(-3)!;
  expect([cut.status, long.startsWith(cut.body), cut.body.length < long.length]).toEqual(['delivered', true, true]);
  const shown = JSON.stringify(house.model.turns().at(-1)!.body.messages);
  expect([shown.includes(cut.body), shown.includes('nobody wants to hear')]).toEqual([true, false]);
  expect(house.vapi.all).toEqual([]);
});

test('a text that comes during the call is answered in it, and a colleague who takes over ends it in the middle of a sentence', async () => {
  const customer = house.customer();
  const call = customer.calls();
  await call.hearsAllOf(/How can I help you/);
  // The other process has to do with the call as well, as it has behind a load balancer.
  const begun = house.vapi.sent.findLast(({ type, body }) => type === 'status-update' && body.includes(call.callSid))!;
  await house.vapi.replay({ ...begun, url: begun.url.replace(house.url, house.workerUrl) });
  house.model.next({ say: 'Thank you, I have four seven one one.' });
  customer.texts('4711');
  await call.hearsAllOf(/four seven one one/);
  house.model.next({ say: 'I am going to tell you something. It takes a good while to be said in full.', betweenMs: 150 });
  await call.says('Tell me everything.');
  await call.hears(/^I am going/);
  await house.thread.change(customer, { event: 'staff_took_over', staff: 'Dana' });
  await call.hears(/A colleague is looking after this/);
  await call.hearsBeep();
  expect(call.words().join(' ')).not.toMatch(/said in full/);
  for (const once of [/four seven one one/, /A colleague is looking/]) expect(call.words().filter((words) => once.test(words))).toHaveLength(1);
  call.hangsUp();
  await house.expectQuiet();
});

test('a caller who asks for a person is put through from Vapi, and comes back to it', async () => {
  const [lee] = await house.specialists(['Dr. Lee'], { keywords: ['a person please'] });
  const customer = house.customer();
  const call = customer.calls();
  await call.hearsAllOf(/How can I help you/);
  await call.says('A person, please!');
  const leg = await lee!.accepts();
  await house.thread.belongsTo(customer, 'specialist');
  leg.hangsUp();
  await call.hearsAllOf(/Is there anything else/);
  house.model.next({ say: 'You are welcome.' });
  expect(await call.says('No, thank you.')).toBe('stream');
  await call.hearsAllOf(/You are welcome/);
  call.hangsUp();
  await house.expectQuiet();
});

test('who calls a number that Vapi answers itself has the same memory; what they say last is kept, whatever comes of Vapi\'s messages', async () => {
  await house.api('/tenant', { method: 'PATCH', body: { settings: { voice: { callerId: 'always' } } } });
  const customer = house.customer();
  house.model.next({ say: 'Noted: the red folder.' });
  customer.texts('Please keep my red folder at the desk.');
  await customer.expectsSms(/red folder/);
  house.vapi.fault('duplicate', 'late', 'duplicate');
  const call = await house.vapi.rings({ from: customer.address, to: VAPIS_OWN });
  house.model.next({ steps: async (prompt) => [{ say: /red folder/.test(JSON.stringify(prompt)) ? 'Yes, your red folder is here.' : 'Which folder?' }] });
  call.says('Do you still have it?');
  await eventually(() => `the folder; heard ${JSON.stringify(call.heard)}`, () => call.heard.includes('Yes, your red folder is here.'));
  house.model.next({ hang: true });
  call.says('Good, I am');
  call.says('on my way.');
  call.hangsUp();
  await eventually('the call to be over', async () => (await house.database.query(`select 1 from calls where address = $1 and state <> 'ended'`, [customer.address])).length === 0);
  await house.expectQuiet();
  const spoken = (await house.thread.messages(customer)).filter(({ channel }) => channel === 'voice').map(({ direction, body }) => `${direction}: ${body}`);
  expect(spoken.slice(1).join(' / ')).toMatch(/^inbound: Do you still have it\? \/ outbound: Yes, your red folder is here\. \/ inbound: Good, I am( \/ inbound:)? on my way\.$/);
});
