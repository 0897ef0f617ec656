import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Calling } from '../harness/calling.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
let calling: Calling;
beforeAll(async () => {
  house = await openHouse();
  calling = new Calling(house);
});
afterAll(() => house.close());

test('somebody who has agreed to it is called once, is told what about, and speaks with the assistant, which knows', async () => {
  const customer = await calling.known();
  const [call] = await Promise.all([1, 2].map(() => calling.asks(customer, { background: 'It is at ten.' }, { 'Idempotency-Key': 'tomorrow' })));
  const phone = await customer.phone.rings();
  house.twilio.answer(phone.callSid);
  await phone.hearsAllOf(/I am calling about your appointment tomorrow/);
  house.model.next({ steps: async (prompt) => [{ say: JSON.stringify(prompt).includes('It is at ten.') ? 'Yes, at ten.' : 'I do not know.' }] });
  await phone.says('At ten?');
  await phone.hearsAllOf(/Yes, at ten/);
  phone.hangsUp();
  await calling.comesTo(call!.id, 'reached');
  await house.expectQuiet();
  expect(customer.phone.calls()).toHaveLength(1);
  expect((await house.thread.messages(customer)).at(-1)!.details).toMatchObject({ call: { direction: 'outbound', proved: true } });
  expect((await house.thread.lines(customer)).slice(-3)).toEqual([expect.stringContaining('out: Hello, this is'), 'in: At ten?', 'out: Yes, at ten.']);
});

test('voicemail gets the message behind its beep, or nothing, as was wished', async () => {
  const customer = await calling.known();
  house.twilio.answering(customer.address, { how: 'voicemail', greeting: 'You have reached Ada. Please leave a message after the tone.' });
  const left = await calling.asks(customer, { whenMachine: 'leave_message', message: 'Please call us back.' });
  await calling.comesTo(left.id, 'message_left');
  await customer.phone.isLeftAlone();
  expect(house.twilio.heard(customer.phone.calls()[0]!.callSid).at(-1)).toMatchObject({ kind: 'say', text: 'Please call us back.' });
  await calling.comesTo((await calling.asks(customer)).id, 'machine');
  await house.expectQuiet();
});

test('who asks for a call gets it at once; who says in it that they want no more is not called again', async () => {
  const customer = await calling.known(false);
  house.model.next({ callTool: { name: 'call_customer', arguments: { purpose: 'your invoice' } } });
  house.model.next({ afterTool: 'call_customer', say: 'I am calling you now.' });
  customer.texts('Please call me.');
  const phone = await customer.phone.rings();
  await customer.expectsSms(/calling you now/);
  house.twilio.answer(phone.callSid);
  await phone.hearsAllOf(/I am calling about your invoice/);
  house.model.next({ callTool: { name: 'no_more_calls', arguments: {} } });
  house.model.next({ afterTool: 'no_more_calls', say: 'You will not be called again.' });
  await phone.says('Never call me again.');
  await phone.hearsAllOf(/not be called again/);
  phone.hangsUp();
  await house.expectQuiet();
  await expect(calling.asks(customer)).rejects.toThrow(/409.*not_consented.*has opted out/);
});

test('in quiet hours nobody is called: it waits for the morning, or is refused where that is too late', async () => {
  const inHours = (hours: number): Date => new Date(house.twilio.now().getTime() + hours * 3_600_000);
  const customer = await calling.known();
  await house.api('/tenant', { method: 'PATCH', body: { settings: { quietHours: { from: inHours(-2).toISOString().slice(11, 16), to: inHours(3).toISOString().slice(11, 16) } } } });
  await expect(calling.asks(customer, { latest: inHours(1).toISOString() })).rejects.toThrow(/409.*quiet_hours/);
  const call = await calling.asks(customer);
  await calling.comesTo(call.id, 'waiting', /quiet hours/);
  await house.expectQuiet();
  expect(customer.phone.calls()).toEqual([]);
  await house.forward('4h');
  house.twilio.decline((await customer.phone.rings()).callSid);
  await calling.comesTo(call.id, 'busy');
  await house.expectQuiet();
});

test('the hub dies as it calls: there is one call, and it is the one that is answered', async () => {
  const customer = await calling.known();
  await house.api('/tenant', { method: 'PATCH', body: { settings: { outbound: { ringSeconds: 60 } } } });
  house.twilio.fault({ kind: 'webhook-late', match: { event: 'call-status' }, delayMs: 3_000 });
  house.diesAt('place.placed');
  const { id } = await calling.asks(customer);
  await house.comesBack();
  await house.forward('21s');
  house.twilio.decline((await customer.phone.rings()).callSid);
  await calling.comesTo(id, 'busy');
  await house.expectQuiet();
  expect(customer.phone.calls()).toHaveLength(1);
});
