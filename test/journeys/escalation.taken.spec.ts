import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';
import { onCallPeople } from '../harness/oncall.js';

interface Log {
  incident: { id: string; state: string; acknowledgedBy: string | null; acknowledgedVia: string | null };
  attempts: { name: string; channel: string; says: string; state: string }[];
  secondsToAcknowledge: number | null;
}

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const report = (body: object): Promise<{ id: string }> => house.api('/incidents', { method: 'POST', body: { reason: 'Chest pain', ...body } });
const log = (id: string): Promise<Log> => house.api(`/incidents/${id}`);
const fates = async (id: string): Promise<string[]> => (await log(id)).attempts.map(({ name, says, channel, state }) => `${name} ${says} ${channel} ${state}`).sort();

test('a call and a text at once; voicemail takes nothing; the next one presses the key that was said, hears that it is theirs, and the others are told', async () => {
  const [ada, ben] = await onCallPeople(house, ['Ada', 'Ben']);
  const { id } = await report({ callback: '+15551230042' });
  const { body } = await ada!.isTexted();
  expect(body).toMatch(/^Default tenant: urgent case\. Call back \+15551230042\. Code \d{4}: reply with it to take it|take this/);
  expect(body).not.toMatch(/chest/i);
  const { call: voicemail } = await ada!.answers();
  for (const _ of [1, 2]) await house.forward('20s');
  await voicemail.hears(/Nobody has taken it yet/);
  await house.forward('25s');
  const { call, key } = await ben!.answers();
  await ben!.isTexted();
  await call.presses(key === '9' ? '8' : '9');
  await call.hears(/Press \d to take it/);
  await call.presses(key);
  await call.hears(/You have it/);
  await call.hears(/Call back: 1 5 5 5/);
  await ada!.sms.expectsSms(/Ben has taken \d{4}/);
  await house.expectQuiet();
  expect((await log(id)).incident).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'Ben', acknowledgedVia: 'key' });
  expect(await fates(id)).toEqual(['Ada alert sms delivered', 'Ada alert voice no_key', 'Ada told sms delivered', 'Ben alert sms delivered', 'Ben alert voice acknowledged']);
});
