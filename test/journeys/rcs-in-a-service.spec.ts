import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FRONT_DESK, type House, openHouse } from '../harness/house.js';
import { hasRcs, rcsPerson } from '../harness/rcs.js';
import { danaWrites } from '../harness/whatsapp.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await hasRcs(house, true);
});
afterAll(() => house.close());

const asked = (number: string) => house.twilio.requests()
  .filter(({ method, path, params }) => method === 'POST' && path.endsWith('/Messages.json') && String(params['To']).endsWith(number))
  .map(({ params }) => ({ to: params['To'], from: params['From'], fallbackFrom: params['FallbackFrom'] }));

test('the Messaging Service is asked to try RCS first; on a phone that has it, it arrives there', async () => {
  const { rcs, number } = rcsPerson(house);
  rcs.hasPhone('read').texts('What are your opening hours?');
  await rcs.expectsSms(/open Monday to Friday/);
  expect(asked(number)).toEqual([{ to: number, from: undefined, fallbackFrom: FRONT_DESK }]);
  expect(await house.thread.stands(rcs, 'read')).toMatchObject({ channel: 'rcs', via: null });
  await house.expectQuiet();
});

test('on a phone that has none Twilio sends a text, and the house sends no second one', async () => {
  const { rcs, sms, number } = rcsPerson(house);
  rcs.texts('What are your opening hours?');
  await rcs.expectsSms(/open Monday to Friday/);
  rcs.hasPhone('undelivered:63036');
  await danaWrites(house, rcs, 'Dana here: we are closed tomorrow.');
  await sms.expectsSms(/^Dana here/);
  expect((await house.thread.stands(rcs, 'delivered')).via).toMatchObject({ channel: 'sms', sender: FRONT_DESK, address: number, why: expect.stringContaining('Messaging Service') });
  expect(asked(number)).toHaveLength(2);
  await house.expectQuiet();
});

test('the answer to the request is lost: it is found under the address that Twilio has given it, and not sent again', async () => {
  for (const outcome of ['delivered', 'undelivered:63036']) {
    const { rcs, sms, number } = rcsPerson(house);
    rcs.texts('What are your opening hours?');
    await rcs.expectsSms(/open Monday to Friday/);
    await house.settle();
    rcs.hasPhone(outcome);
    house.diesAt('send.accepted');
    await danaWrites(house, rcs, 'Dana here: we are closed tomorrow.');
    await house.comesBack();
    await house.forward('2m');
    await (outcome === 'delivered' ? rcs : sms).expectsSms(/^Dana here/);
    await house.settle();
    await house.forward('3m');
    await house.thread.stands(rcs, 'delivered');
    expect(asked(number)).toHaveLength(2);
  }
  await house.expectQuiet();
});

test('to somebody who said STOP to texts it does not go by RCS either', async () => {
  const { rcs, number } = rcsPerson(house);
  rcs.texts('What are your opening hours?');
  await rcs.expectsSms(/open Monday to Friday/);
  const { items } = await house.api<{ items: { id: string; addresses: { id: string; channel: string; address: string }[] }[] }>('/contacts?limit=200');
  const contact = items.find(({ addresses }) => addresses.some(({ address }) => address === number))!;
  expect(contact.addresses.map(({ channel }) => channel)).toEqual(['rcs']);
  await house.database.query(
    `insert into consents (tenant_id, id, channel, address, sender, purpose, state, source, changed_at, recorded_at)
     select tenant_id, gen_random_uuid(), 'sms', $1, '*', 'everything', 'opted_out', 'staff', now(), now() from contacts where id = $2`, [number, contact.id],
  );
  const before = asked(number).length;
  await danaWrites(house, rcs, 'Dana here: we are closed tomorrow.');
  expect(await house.thread.stands(rcs, 'suppressed')).toMatchObject({ errorMeaning: expect.stringMatching(/has opted out of messages/) });
  expect(asked(number)).toHaveLength(before);
  await house.expectQuiet();
});
