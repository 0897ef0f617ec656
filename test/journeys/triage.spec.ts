import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DESK } from '../harness/correspondent.js';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';
import { onCallPeople } from '../harness/oncall.js';

interface Verdict {
  judge: string;
  urgency: number;
  reasons: string[];
  incidentId: string | null;
}

let house: House;
beforeAll(async () => {
  house = await openHouse({ mail: true, environment: { OPENAI_TRANSCRIPTION_MODEL: 'scripted-model' } });
});
afterAll(() => house.close());

const set = (settings: object): Promise<unknown> => house.api('/tenant', { method: 'PATCH', body: { settings } });
/** Who says how urgent it is, by now. */
const verdicts = async (customer: { address: string }): Promise<Verdict[]> =>
  (await house.api<{ items: Verdict[] }>(`/conversations/${(await house.thread.conversation(customer)).conversationSid}/urgency`)).items;
const judges = async (customer: { address: string }): Promise<string[]> => (await verdicts(customer)).map(({ judge, urgency }) => `${judge} ${urgency}`).sort();
const incidents = async (): Promise<string[]> => (await house.api<{ items: { conversationSid: string }[] }>('/incidents')).items.map(({ conversationSid }) => conversationSid);

test('a voicemail at night, urgent in words of no list, wakes who is on call, once, although the hub dies as soon as it knows; the log says why', async () => {
  const [ada] = await onCallPeople(house, ['Ada']);
  await set({ assistant: { enabled: false } });
  const customer = house.customer();
  const call = customer.calls();
  await call.hearsBeep();
  house.diesAt('triage.judged');
  await call.says('This is Maya Stone. My father has collapsed in the kitchen and does not get up.');
  await house.forward('10s');
  await call.isOver();
  await house.comesBack();
  const { body, code } = await ada!.isTexted();
  expect(body).toContain(`Call back ${customer.address}`);
  expect(body).not.toMatch(/father|collapsed/);
  ada!.sms.texts(code);
  await ada!.sms.expectsSms(/You have/);
  await ada!.isLeftAlone();
  await customer.expectsSms(/^Ada is on it/);
  await set({ assistant: { enabled: true } });
  // Whatever else it was at when it died has a lease, and the end of the call may have been missed.
  await house.forward('16m');
  await house.expectQuiet();
  const [verdict, ...more] = await verdicts(customer);
  expect([verdict, more]).toEqual([expect.objectContaining({ judge: 'model', urgency: 4, reasons: ['Somebody needs help now: collapsed'], incidentId: expect.any(String) }), []]);
  expect(await incidents()).toEqual([(await house.thread.conversation(customer)).conversationSid]);
});

test('a mail of a monitoring system wakes somebody and gets no answer; that all is well again wakes nobody', async () => {
  const [ben] = await onCallPeople(house, ['Ben']);
  const monitor = house.correspondent('alarm@fridge.test');
  const before = (await incidents()).length;
  const notice = { headers: { 'Auto-Submitted': 'auto-generated' }, to: DESK };
  await monitor.writes('Sensor 4 reads -2 °C. Call +15550666666 for details.', { ...notice, subject: 'CRITICAL: freezer temperature' });
  const { body, code } = await ben!.isTexted();
  expect(body).not.toMatch(/freezer|0666666/);
  await monitor.writes('RESOLVED: freezer temperature is back to normal', { ...notice, subject: 'RESOLVED: freezer temperature' });
  await eventually('both to be judged', async () => (await judges(monitor)).length === 2);
  ben!.sms.texts(code);
  await ben!.sms.expectsSms(/You have/);
  await ben!.isLeftAlone();
  await house.expectQuiet();
  expect([await judges(monitor), (await incidents()).length, monitor.inbox()]).toEqual([['model 2', 'model 4'], before + 1, []]);
});

test('words of the tenant wake somebody, whoever answers; what people are written is judged where the tenant wants it', async () => {
  const [cleo] = await onCallPeople(house, ['Cleo']);
  const { id, version } = await house.api<{ id: string; version: number }>('/alarm-words', { method: 'POST', body: { term: 'cold store', urgency: 5, match: 'prefix', by: 'Dana' } });
  const customer = house.customer();
  house.model.next({ afterTool: 'raise_emergency', say: 'Somebody is on the way.' });
  customer.texts('The door of the Cold-Stores stands open');
  await customer.expectsSms(/on the way/);
  const { code } = await cleo!.isTexted();
  cleo!.sms.texts(code);
  await cleo!.sms.expectsSms(/You have/);
  await cleo!.isLeftAlone();
  await customer.expectsSms(/^Cleo is on it/);
  expect(await judges(customer)).toEqual(['assistant 5', 'words 5']);
  expect((await house.call(`/alarm-words/${id}`, { method: 'PATCH', body: { version: version + 1, urgency: 1 } })).status).toBe(409);
  expect((await house.call('/alarm-words', { method: 'POST', body: { term: 'a', urgency: 9 } })).status).toBe(400);
  expect((await house.call(`/alarm-words/${id}?by=Dana`, { method: 'DELETE' })).status).toBe(204);
  expect(await house.api(`/alarm-words/${id}/changes`)).toMatchObject({ items: [{ toState: 'version 1' }, { toState: 'removed', cause: 'removed, by Dana' }] });
  await set({ triage: { messages: 'always' } });
  await house.thread.change(customer, { event: 'staff_took_over', staff: 'Dana' });
  customer.texts('Any news about my parcel?');
  await eventually('it to be judged', async () => (await judges(customer)).includes('model 2'));
  await house.expectQuiet();
});
