import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const NUMBER = '+15550007001';
const post = <T>(path: string, body: unknown): Promise<T> => house.api<T>(path, { method: 'POST', body });
const refusal = async (method: string, path: string, body?: unknown): Promise<unknown> => {
  const answer = await house.call(path, { method, body });
  return [answer.status, ((await answer.json()) as { code: string }).code];
};

interface Member {
  id: string;
  contactMethods: { id: string }[];
}

interface OnCall {
  staff: { name: string; methods: { channel: string }[]; trouble: string | null }[];
}

test('from a new colleague to somebody who is called: a number is shown by a call, a schedule is made, and preflight says what is missing', async () => {
  const dana = await post<Member>('/staff', { name: 'Dana', contactMethods: [{ channel: 'voice', address: NUMBER }, { channel: 'sms', address: NUMBER }] });
  const layers = [{ name: 'all', startsAt: '2026-01-05T09:00', every: 1, unit: 'weeks', rotation: [[dana.id]] }];
  const schedule = await post<{ id: string; version: number }>('/schedules', { name: 'Nights', timeZone: 'Europe/Berlin', layers });
  const onCall = (): Promise<OnCall> => house.api(`/schedules/${schedule.id}/on-call`);
  expect((await onCall()).staff).toMatchObject([{ name: 'Dana', methods: [], trouble: 'unverified' }]);
  const csv = await (await house.call('/preflight.csv')).text();
  expect(csv.split('\r\n')).toHaveLength(2 + 14 * 96);
  expect(csv).toMatch(/"unreachable","Dana","","Dana: unverified"/);

  const verification = `/staff/${dana.id}/contact-methods/${dana.contactMethods[0]!.id}/verification`;
  house.twilio.answering(NUMBER, { how: 'answers' });
  await post(verification, undefined);
  await house.settle();
  const said = house.twilio.heard(house.twilio.calls(NUMBER)[0]!.callSid).find(({ kind }) => kind === 'say')!.text;
  expect(await post(`${verification}/check`, { code: said.replace(/\D/g, '') })).toMatchObject({ outcome: 'verified' });
  expect((await onCall()).staff[0]!.methods.map(({ channel }) => channel)).toEqual(['voice', 'sms']);
  expect(await house.api('/preflight')).toMatchObject([{ name: 'Nights', outlooks: [{ verdict: 'reached' }] }]);

  expect(await refusal('PATCH', `/schedules/${schedule.id}`, { version: 2, name: 'Days' })).toEqual([409, 'changed_meanwhile']);
  expect(await refusal('DELETE', `/staff/${dana.id}`)).toEqual([409, 'still_needed']);
  expect(await refusal('POST', '/schedules', { name: 'Odd', timeZone: 'UTC', layers: [{ ...layers[0], startsAt: '2026-02-30T09:00' }] })).toEqual([400, 'invalid']);
  expect(await refusal('POST', '/staff', { name: 'Odd', contactMethods: [{ channel: 'sms', address: 'me@example.com' }] })).toEqual([400, 'invalid']);
  await house.api(`/schedules/${schedule.id}`, { method: 'DELETE' });
  expect((await house.call(`/staff/${dana.id}?by=Eve`, { method: 'DELETE' })).status).toBe(204);
  expect(await house.api(`/staff/${dana.id}/changes`)).toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ toState: 'removed', cause: 'removed, by Eve' })]) });
  await house.expectQuiet();
});

test('a calendar program reads shifts by an address alone, until it is taken away', async () => {
  const dana = await post<Member>('/staff', { name: 'Dana' });
  const layers = [{ name: 'all', startsAt: '2026-01-05T09:00', every: 1, unit: 'days', rotation: [[dana.id]] }];
  const { id } = await post<{ id: string }>('/schedules', { name: 'Calendar', timeZone: 'Europe/Berlin', layers });
  const calendars = `/schedules/${id}/calendars`;
  const calendar = await post<{ id: string; url: string }>(calendars, { staffId: dana.id });
  const fetched = (): Promise<Response> => fetch(new URL(new URL(calendar.url).pathname, house.url));
  const answer = await fetched();
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([200, 'text/calendar; charset=utf-8', 'private, max-age=300']);
  expect(await answer.text()).toMatch(/^BEGIN:VCALENDAR\r\n[^]*SUMMARY:On call: Calendar\r\n[^]*END:VCALENDAR\s*$/);
  expect(await house.api(calendars)).toMatchObject({ items: [{ id: calendar.id, staffId: dana.id, url: calendar.url, readAt: expect.any(String) }] });
  await house.api(`${calendars}/${calendar.id}`, { method: 'DELETE' });
  const gone = await fetched();
  expect([gone.status, gone.headers.get('content-type'), gone.headers.get('cache-control')]).toEqual([404, 'application/problem+json; charset=utf-8', null]);
  await eventually('somebody who asks without end to be told to wait', async () =>
    (await Promise.all(Array.from({ length: 60 }, fetched))).some(({ status, headers }) => status === 429 && Number(headers.get('retry-after')) > 0));
  await house.expectQuiet();
});
