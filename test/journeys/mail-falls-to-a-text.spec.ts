import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Correspondent } from '../harness/correspondent.js';
import type { Customer } from '../harness/customer.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ mail: true });
});
afterAll(() => house.close());

/** One person who has written by mail and by text. */
async function person(): Promise<{ ada: Correspondent; sms: Customer }> {
  const [ada, sms] = [house.correspondent(), house.customer()];
  await ada.writes('What are your opening hours?');
  await ada.expectsMail(/open Monday/);
  sms.texts('When do you open?');
  await sms.expectsSms(/open Monday/);
  const [from, into] = await Promise.all([ada, sms].map(async (who) => {
    const { conversationSid } = await house.thread.conversation(who);
    return (await house.api<{ contactId: string }>(`/conversations/${conversationSid}`)).contactId;
  }));
  await house.api(`/contacts/${from}/merge`, { method: 'POST', body: { intoContactId: into, staff: 'Dana', reason: 'one person' } });
  return { ada, sms };
}

test.each([
  ['the server says so at once', (ada: Correspondent) => house.post.fault({ kind: 'reply', at: 'RCPT', code: 550, text: `5.1.1 <${ada.address}> unknown` })],
  ['a report comes later', (ada: Correspondent) => house.post.setHabit(ada.address, 'bounces')],
])('the mailbox of a person is gone, and %s: the answer goes as a text, once, and the thread says so', async (_how, goes) => {
  const { ada, sms } = await person();
  goes(ada);
  house.model.next({ say: 'On Saturday from nine to noon.' });
  await ada.writes('And on Saturday?');
  await sms.expectsSms(/^On Saturday from nine/);
  expect((await house.thread.stands(ada, 'delivered')).via).toMatchObject({ channel: 'sms', why: `${ada.address} could not be reached by e-mail` });
  await house.expectQuiet();
});
