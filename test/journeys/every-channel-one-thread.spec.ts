import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Customer } from '../harness/customer.js';
import { type House, openHouse } from '../harness/house.js';
import { hasRcs, rcsPerson } from '../harness/rcs.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ mail: true });
  await hasRcs(house);
});
afterAll(() => house.close());

/** One way of one person to us: says this there, and waits for that answer there. */
type Way = (question: string, answer: RegExp) => Promise<void>;

/** Callers hear it first, before they ask. */
const GREETING = /How can I help you/;

const byPhone = (customer: Customer): Way => async (question, answer) => {
  customer.texts(question);
  await customer.expectsSms(answer);
};

/** A person whose every way is known to be theirs: the phone's by itself, the chat by a code, the mail because staff has said so. */
async function everyWay(): Promise<{ sms: Customer; ways: Record<string, Way> }> {
  const { rcs, sms, number } = rcsPerson(house);
  const [visitor, ada] = [await (await house.visitor()).connects(), house.correspondent()];
  const ways: Record<string, Way> = {
    sms: byPhone(sms), rcs: byPhone(rcs), whatsapp: byPhone(house.customer(`whatsapp:${number}`, `whatsapp:${sms.ourNumber}`)),
    chat: async (question, answer) => {
      await visitor.says(question);
      await visitor.expects(answer);
    },
    email: async (question, answer) => {
      await ada.writes(question);
      await ada.expectsMail(answer);
    },
    voice: async (question, answer) => {
      const call = sms.calls();
      await call.hears(GREETING);
      await call.says(question);
      await call.hearsAllOf(answer);
      call.hangsUp();
    },
  };
  for (const channel of ['sms', 'chat', 'email']) await asked(ways[channel]!, 'Hello', 'Good morning.');
  await visitor.post('/lead', { phone: number });
  await visitor.post('/lead/code', { address: 'phone' });
  const code = /is: (\d{6})$/.exec(await sms.expectsSms(/verification code/))![1]!;
  await visitor.post('/lead/check', { address: 'phone', code });
  await house.settle();
  const [of, into] = [await contactAt(ada.address), await contactAt(number)];
  await house.api(`/contacts/${of}/merge`, { method: 'POST', body: { intoContactId: into, staff: 'Dana', reason: 'the same person' } });
  return { sms, ways };
}

const contactAt = async (address: string): Promise<string> =>
  (await house.api<{ items: { contactId: string }[] }>(`/conversations?address=${encodeURIComponent(address)}`)).items[0]!.contactId;

async function asked(way: Way, question: string, answer: string): Promise<void> {
  house.model.next({ say: answer });
  await way(question, new RegExp(`^${answer}`));
}

test('one person, every channel, in any order: one thread in the order of events, a channel on each message, each answer where it was asked', async () => {
  const { sms, ways } = await everyWay();
  const channels = Object.keys(ways);
  const [order] = fc.sample(fc.array(fc.constantFrom(...channels), { minLength: 7, maxLength: 7 }), 1);
  const said = [...channels, ...order!].map((channel, n) => ({ channel, question: `Question ${n}?`, answer: `Answer ${n}.` }));
  for (const { channel, question, answer } of said) await asked(ways[channel]!, question, answer);
  await house.settle();
  const last = -2 * said.length;
  const thread = (await house.thread.messages(sms)).filter(({ body }) => !GREETING.test(body)).slice(last);
  expect(thread.map(({ channel, body, via }) => [channel, body, via])).toEqual(
    said.flatMap(({ channel, question, answer }) => [[channel, question, null], [channel, answer, null]]),
  );
  await house.thread.isMirrored(sms);
  expect((await house.thread.mirrored(sms)).filter((line) => !GREETING.test(line)).slice(last).map((line) => line.split(': ').at(-1))).toEqual(said.flatMap(({ question, answer }) => [question, answer]));
  await house.expectQuiet();
});
