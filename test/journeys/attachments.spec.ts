import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Customer } from '../harness/customer.js';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const PICTURE = `data:image/png;base64,${PIXEL}`;

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

interface Entry { direction: string; body: string; media: { href: string; contentType: string }[] }

const received = async (customer: Customer): Promise<Entry> =>
  (await house.thread.messages(customer) as unknown as Entry[]).findLast((entry) => entry.direction === 'inbound')!;

/** What the hub answers once it has looked at the attachment. */
const opened = (href: string, headers: Record<string, string> = {}): Promise<Response> => eventually('the attachment to be looked at', async () => {
  const answer = await fetch(`${house.url}${href}`, { headers: { Authorization: `Bearer ${house.adminToken}`, ...headers } });
  return answer.status === 202 ? undefined : answer;
});

test('a customer sends a picture: the assistant sees it, and colleagues can open it', async () => {
  const customer = house.customer();
  customer.texts('What is this on my arm?', [PICTURE]);
  await customer.expectsSms(/I can see the picture/);
  const { media: [attached] } = await received(customer);
  const file = await opened(attached!.href);
  expect(file.headers.get('content-type')).toBe('image/png');
  expect(file.headers.get('content-security-policy')).toContain('sandbox');
  expect(file.headers.get('cache-control')).toContain('private');
  expect(file.headers.get('vary')).toMatch(/Authorization, Tenant-Id/);
  expect(Buffer.from(await file.arrayBuffer()).toString('base64')).toBe(PIXEL);
  await house.expectQuiet();
});

test('a picture without a word is answered too, and the next question is not about it', async () => {
  const customer = house.customer();
  customer.texts('', [PICTURE, PICTURE]);
  await customer.expectsSms(/I can see the 2 pictures/);
  customer.texts('When do you open?');
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
});

test("a model without eyes refuses the picture: it is asked again with words alone", async () => {
  const customer = house.customer();
  house.model.next({ fail: 400 });
  house.model.next(({ lastUserImages, lastUserText }) => [{ say: `${lastUserImages} seen: ${lastUserText}` }]);
  customer.texts('What is this?', [PICTURE]);
  expect(await customer.expectsSms(/^0 seen/)).toContain('[attached, not shown: image/png]');
  await house.expectQuiet();
});

test('a picture that an apology was the answer to is shown when the assistant gets to answer after all', async () => {
  const customer = house.customer();
  house.model.next({ fail: 400 });
  house.model.next({ fail: 400 });
  customer.texts('What is this on my arm?', [PICTURE]);
  await customer.expectsSms(/^Sorry, I cannot answer this right now/);
  await house.thread.belongsTo(customer, 'queued');
  await house.settle();
  await house.forward('25h');
  await customer.expectsSms(/I can see the picture/);
  await house.expectQuiet();
});

test('a model that refuses after it used a tool is not asked all over again: what the tool did is done once', async () => {
  const customer = house.customer();
  house.model.next({ callTool: { name: 'remember', arguments: { fact: 'Has a rash' } } });
  house.model.next({ afterTool: 'remember', fail: 400 });
  const asked = house.model.requests().length;
  customer.texts('What is this on my arm?', [PICTURE]);
  await customer.expectsSms(/^Sorry, I cannot answer this right now/);
  expect(house.model.requests(asked)).toHaveLength(2);
  await house.expectQuiet();
});

test.each([
  ['a page under the name of a picture', `data:image/jpeg;base64,${Buffer.from('<html><script>alert(1)</script>').toString('base64')}`, /not of a kind that is kept here/],
  ['a way into our own network', 'https://127.0.0.1/secret.png', /private address/],
])('%s is not kept, the thread says why, and the question is answered', async (_what, url, why) => {
  const customer = house.customer();
  customer.texts('When do you open?', [url]);
  await customer.expectsSms(/open Monday to Friday/);
  const { media: [attached] } = await received(customer);
  const answer = await opened(attached!.href);
  expect(answer.status).toBe(404);
  expect(((await answer.json()) as { detail: string }).detail).toMatch(why);
  await house.expectQuiet();
});

test("another tenant's attachment is nothing", async () => {
  const customer = house.customer();
  customer.texts('Look', [PICTURE]);
  await customer.expectsSms(/./);
  const { media: [attached] } = await received(customer);
  const other = await house.api<{ id: string }>('/tenants', { method: 'POST', body: { name: 'Oak Salon' } });
  expect((await opened(attached!.href, { 'Tenant-Id': other.id })).status).toBe(404);
  expect((await fetch(`${house.url}${attached!.href}`)).status).toBe(401);
  await house.expectQuiet();
});
