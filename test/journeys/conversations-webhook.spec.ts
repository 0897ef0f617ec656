import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';
import { conversationsWebhook } from '../harness/twilio.account.js';

const ANOTHER_HUB = 'https://other.example.com/webhooks/twilio/conversations';
let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const webhook = (url?: string): Promise<string | null> => conversationsWebhook(house.twilioOrigin, house.account, url);
const ours = (): string => `${house.url}/webhooks/twilio/conversations`;

const startsWith = async (present: string): Promise<void> => {
  await house.stop();
  await webhook(present);
  await house.start();
};

test('the hub takes the Conversations webhook where nobody has it', async () => {
  await eventually('the webhook to lead here', async () => (await webhook()) === ours());
});

test("it leaves another hub's alone, and says so", async () => {
  await startsWith(ANOTHER_HUB);
  await eventually('a word about it', async () => house.log.includes('already has a webhook, to other.example.com'));
  expect(await webhook()).toBe(ANOTHER_HUB);
});

test('it takes what was cleared', async () => {
  await startsWith('');
  await eventually('the webhook to lead here again', async () => (await webhook()) === ours());
  await house.expectQuiet();
});
