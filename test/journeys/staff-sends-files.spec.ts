import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Customer } from '../harness/customer.js';
import { handIn, PICTURE } from '../harness/files.js';
import { type House, openHouse } from '../harness/house.js';


let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

async function known(): Promise<{ customer: Customer; messages: string }> {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  return { customer, messages: `/conversations/${(await house.thread.conversation(customer)).conversationSid}/messages` };
}

const handsIn = (messages: string, bytes: Buffer): Promise<string> => handIn(house, messages.split('/')[2]!, bytes);
const writes = (messages: string, attachments: string[], body = 'This is the way.', key = attachments.join()): Promise<Response> =>
  house.call(messages, { method: 'POST', body: { body, staff: 'Dana', attachments }, headers: { 'Idempotency-Key': key } });
const problem = async (answer: Response): Promise<string> => `${answer.status} ${((await answer.json()) as { detail: string }).detail}`;

test('a colleague sends a picture: it is on the phone once, in the thread, and the Conversation names it', async () => {
  const { customer, messages } = await known();
  const id = await handsIn(messages, PICTURE);
  const [first, again] = [await writes(messages, [id]), await writes(messages, [id])];
  expect([first.status, again.status]).toEqual([201, 201]);
  await customer.expectsSms(/^This is the way\.$/);
  await house.thread.stands(customer, 'delivered');
  const shown = house.twilio.phone(customer.address).messages.at(-1)!;
  expect(shown.media).toEqual([`data:image/png;base64,${PICTURE.toString('base64')}`]);
  const message = (await house.thread.messages(customer)).at(-1) as unknown as { media: { href: string; contentType: string }[] };
  expect(message.media).toMatchObject([{ contentType: 'image/png' }]);
  const file = await fetch(`${house.url}${message.media[0]!.href}`, { headers: { Authorization: `Bearer ${house.adminToken}` } });
  expect(Buffer.from(await file.arrayBuffer()).equals(PICTURE)).toBe(true);
  await house.settle();
  expect((await house.thread.mirrored(customer)).at(-1)).toBe('Dana: This is the way.\n[attached: image/png]');
  expect((await writes(messages, [], 'This is the way.', id)).status).toBe(409);
  await house.expectQuiet();
});

test('what cannot be sent is refused before anything is said, with the limit', async () => {
  const { customer, messages } = await known();
  const large = await handsIn(messages, Buffer.concat([PICTURE, Buffer.alloc(5_000_000)]));
  const other = await handsIn((await known()).messages, PICTURE);
  expect(await problem(await writes(messages, [large]))).toBe('400 map.png is larger than the 5 MB that MMS takes for it.');
  expect(await problem(await writes(messages, [other]))).toMatch(/^400 attachments: there is no file/);
  expect(await problem(await writes(messages, [], ''))).toMatch(/^400 .*say something, or attach something/);
  await expect(handsIn(messages, Buffer.from('<html><script>'))).rejects.toThrow(/400 .*Files of this kind are not taken/);
  await expect(handsIn(messages, Buffer.alloc(16_000_001))).rejects.toThrow(/413/);
  expect(await house.thread.lines(customer)).toHaveLength(2);
  await house.expectQuiet();
});

test('a file that nobody sends is gone after a day; the hub may die while it is handed in', async () => {
  const { messages } = await known();
  house.diesAt('upload.stored');
  await expect(handsIn(messages, PICTURE)).rejects.toThrow();
  await house.comesBack();
  const id = await handsIn(messages, PICTURE);
  await house.forward('25h');
  await house.settle();
  expect(await house.database.query('select id from media_uploads')).toEqual([]);
  expect(await problem(await writes(messages, [id]))).toMatch(/^400 attachments: there is no file/);
  await house.expectQuiet();
});
