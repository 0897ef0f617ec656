import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { contactOf, erase, erasureStands } from '../harness/erasure.js';
import { eventually } from '../harness/eventually.js';
import { handIn, PICTURE } from '../harness/files.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** Where Twilio was told to fetch what was sent last. */
const lastLink = (): string => house.twilio.requests().filter(({ params }) => params['MediaUrl']).at(-1)!.params['MediaUrl'] as string;
const openLink = (link: string, method = 'GET'): Promise<Response> => fetch(link, { method });

test('what was sent is fetched by whoever has its address, for some hours, and by nobody who guesses', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  const { conversationSid } = await house.thread.conversation(customer);
  const id = await handIn(house, conversationSid, PICTURE, 'Weg für Zoë.png');
  await house.api(`/conversations/${conversationSid}/messages`, { method: 'POST', body: { staff: 'Dana', attachments: [id] } });
  await customer.expectsSms(/^$/);
  const link = lastLink();
  const answer = await openLink(link);
  expect(Buffer.from(await answer.arrayBuffer()).equals(PICTURE)).toBe(true);
  expect([answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual(['image/png', `inline; filename="WegfurZoe.png"; filename*=UTF-8''Weg%20f%C3%BCr%20Zo%C3%AB.png`]);
  expect([answer.headers.get('content-security-policy'), answer.headers.get('x-content-type-options'), answer.headers.get('cache-control')])
    .toEqual(["default-src 'none'; sandbox", 'nosniff', 'private, no-store']);
  expect((await openLink(link, 'HEAD')).status).toBe(200);
  const [start, token] = [link.slice(0, link.lastIndexOf('/')), link.split('/').at(-1)!];
  for (const guess of ['', 'x', '..%2f..%2fadmin-token', `${'A'.repeat(48)}.${token.split('.')[1]}`, `${token.split('.')[0]}.${'A'.repeat(43)}`, `${token}x`, '%00']) {
    expect([guess, (await openLink(`${start}/${guess}`)).status]).toEqual([guess, 404]);
  }
  await house.forward('12h');
  expect((await openLink(link)).status).toBe(404);
  await house.expectQuiet();
});

test("a person's files leave the folder with the person: those they sent, those they got, and those nobody has sent yet", async () => {
  const [customer, other] = [house.customer(), house.customer()];
  const before = house.keptFiles.length;
  for (const one of [customer, other]) {
    one.texts('What is this on my arm?', [`data:image/png;base64,${PICTURE.toString('base64')}`]);
    await one.expectsSms(/I can see the picture/);
  }
  const { conversationSid } = await house.thread.conversation(customer);
  const [sent, waiting] = [await handIn(house, conversationSid, PICTURE), await handIn(house, conversationSid, PICTURE)];
  await house.api(`/conversations/${conversationSid}/messages`, { method: 'POST', body: { body: 'Look here', staff: 'Dana', attachments: [sent] } });
  await customer.expectsSms(/^Look here$/);
  await eventually('all files to be there', async () => house.keptFiles.length === before + 4);
  const [link, contactId] = [lastLink(), await contactOf(house, customer)];
  await house.settle();
  await erase(house, contactId);
  await erasureStands(house, contactId, 'silenced');
  expect((await openLink(link)).status).toBe(404);
  await house.forward('3m');
  expect(await erasureStands(house, contactId, 'done')).toMatchObject({ counts: { attachments: 3 }, remains: { left: {}, elsewhere: {} } });
  expect(house.keptFiles).toHaveLength(before + 1);
  expect(house.keptFiles).not.toContain(waiting);
  await house.forward('25h');
  await house.expectQuiet();
  expect(await house.database.query('select id from media_uploads')).toEqual([]);
});
