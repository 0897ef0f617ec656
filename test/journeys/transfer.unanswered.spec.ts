import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asksForSomebody } from '../harness/asking.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('one declines and one has voicemail on, so the third is called and accepts', async () => {
  const [lee, chen, diaz] = await house.specialists(['Dr. Lee', 'Dr. Chen', 'Dr. Diaz']);
  house.twilio.answering(chen!.phone, { how: 'voicemail', greeting: 'You have reached Dr. Chen.' });
  const [customer, call] = await asksForSomebody(house);
  await lee!.declines();
  await chen!.voicemailAnswers();
  const leg = await diaz!.accepts();
  await house.thread.belongsTo(customer, 'specialist');
  await leg.says('How can I help?');
  await call.hearsPerson(/How can I help\?/);
  call.hangsUp();
  await house.expectQuiet();
});

test('nobody takes the call: the assistant is back, offers to take a message, and notes it for the team', async () => {
  const [lee, chen] = await house.specialists(['Dr. Lee', 'Dr. Chen'], { ringSeconds: 20 });
  const [customer, call] = await asksForSomebody(house);
  await lee!.rings();
  await house.forward('30s');
  await chen!.declines();
  await call.hearsAllOf(/nobody can take your call right now. May I take a message/);
  house.model.next({ callTool: { name: 'take_message', arguments: { message: 'Wants to know where the blue folder is. Call back after five.' } } });
  house.model.next({ say: 'I have noted that.' });
  await call.says('Please call me after five about the folder.');
  await call.hearsAllOf(/noted that/);
  call.hangsUp();
  await house.expectQuiet();
  const lines = await house.thread.lines(customer);
  expect(lines).toContain('note: No specialist took the call (Dr. Lee: no answer; Dr. Chen: busy). The caller is asked for a message instead.');
  expect(lines).toContain('note: Task for the team, from a phone call: Wants to know where the blue folder is. Call back after five.');
});

test('a caller who hangs up while a phone rings, or while somebody listens to who it is, leaves no call behind', async () => {
  const [lee] = await house.specialists(['Dr. Lee']);
  const [, ringing] = await asksForSomebody(house);
  await lee!.rings();
  ringing.hangsUp();
  await lee!.isLeftAlone();
  const [, screened] = await asksForSomebody(house);
  const leg = await lee!.answers();
  screened.hangsUp();
  await leg.isOver();
  await house.expectQuiet();
});

test('a caller does not wait for longer than the tenant lets them, however long a phone rings', async () => {
  const [lee] = await house.specialists(['Dr. Lee'], { ringSeconds: 120, holdSeconds: 30 });
  const [, call] = await asksForSomebody(house);
  await lee!.rings();
  await house.forward('31s');
  await call.hearsAllOf(/nobody can take your call/);
  await lee!.isLeftAlone();
  call.hangsUp();
  await house.expectQuiet();
});

test('where nobody is to be called, the assistant is told so and says it', async () => {
  await house.specialists([]);
  const call = house.customer().calls();
  await call.hears(/How can I help you/);
  house.model.next({ callTool: { name: 'transfer_to_specialist', arguments: { reason: 'They ask.' } } });
  house.model.next({ say: 'Nobody is here to speak with you now.' });
  await call.says('A person, please.');
  await call.hearsAllOf(/Nobody is here/);
  call.hangsUp();
  await house.expectQuiet();
});
