import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FRONT_DESK, type House, openHouse } from '../harness/house.js';
import { hasRcs, rcsPerson } from '../harness/rcs.js';
import { danaWrites } from '../harness/whatsapp.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await hasRcs(house);
});
afterAll(() => house.close());

/** Somebody who has written by RCS, on a phone that has lost it since. */
async function lostRcs(): Promise<ReturnType<typeof rcsPerson>> {
  const somebody = rcsPerson(house);
  somebody.rcs.texts('What are your opening hours?');
  await somebody.rcs.expectsSms(/open Monday to Friday/);
  somebody.rcs.hasPhone('undelivered:63036');
  return somebody;
}

test('what is said by RCS is answered by RCS, and the thread knows when it was read', async () => {
  const { rcs } = rcsPerson(house);
  rcs.hasPhone('read');
  rcs.texts('What are your opening hours?');
  await rcs.expectsSms(/open Monday to Friday/);
  expect(await house.thread.stands(rcs, 'read')).toMatchObject({ channel: 'rcs', via: null });
  await house.expectQuiet();
});

test('a phone that cannot do RCS any more gets a text, once, and the thread says why', async () => {
  const { rcs, sms, number } = await lostRcs();
  await danaWrites(house, rcs, 'Dana here: we are closed tomorrow.');
  await sms.expectsSms(/^Dana here/);
  const said = await house.thread.stands(rcs, 'delivered');
  expect(said).toMatchObject({ channel: 'rcs', via: { channel: 'sms', sender: FRONT_DESK, address: number, why: `${number} could not be reached by RCS` } });
  const { conversationSid } = await house.thread.conversation(rcs);
  const { items } = await house.api<{ items: { machine: string; cause: string }[] }>(`/conversations/${conversationSid}/transitions?limit=100`);
  expect(items.map(({ cause }) => cause)).toContain('undelivered: The recipient cannot be reached on RCS (63036); sent anew later');
  await house.expectQuiet();
});

test.each(['send.claimed', 'send.accepted'])('the hub dies at %s of the text instead: it arrives once', async (point) => {
  const { rcs, sms } = await lostRcs();
  await house.settle();
  house.diesAt(`${point}#2`);
  await danaWrites(house, rcs, 'Dana here: we are closed tomorrow.');
  await house.comesBack();
  await house.forward('2m');
  await sms.expectsSms(/^Dana here/);
  await house.settle();
  await house.forward('3m');
  expect((await house.thread.stands(rcs, 'delivered')).via).toMatchObject({ channel: 'sms' });
  await house.expectQuiet();
});

test('somebody who said STOP to texts gets neither a text nor RCS, which have one stop', async () => {
  const { rcs, sms } = await lostRcs();
  sms.texts('STOP');
  await sms.expectsSms(/unsubscribed/);
  await house.thread.has(sms, 'in: STOP');
  await danaWrites(house, rcs, 'Dana here: we are closed tomorrow.');
  expect(await house.thread.stands(rcs, 'suppressed')).toMatchObject({ errorMeaning: expect.stringMatching(/has opted out of messages/), via: null });
  await house.expectQuiet();
});

test('nothing is left: a reply that could not be delivered is raised to people', async () => {
  const { rcs, sms } = await lostRcs();
  sms.hasPhone('failed:30005');
  house.model.next({ say: 'We open at eight.' });
  rcs.texts('And on Saturday?');
  await house.thread.belongsTo(rcs, 'queued');
  expect(await house.thread.stands(rcs, 'failed')).toMatchObject({ authorKind: 'assistant', errorCode: 30_005 });
  await house.expectQuiet();
});
