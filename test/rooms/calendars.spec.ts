import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { convertIcsCalendar } from 'ts-ics';
import type { ReachableCalendar } from '../../src/calendars/calendars.service.js';
import { OncallRoom } from './oncall.room.js';

const [HOUR, DAY] = [3_600_000, 86_400_000];
let room: OncallRoom;
let tenantId: string;
beforeAll(async () => {
  room = await OncallRoom.open();
  tenantId = room.tenant.id;
});
afterAll(() => room.close());
beforeEach(() => room.clock.forward(HOUR));

const tokenOf = ({ url }: ReachableCalendar): string => /\/calendars\/([\w-]+)\.ics$/.exec(url)![1]!;
const read = (calendar: ReachableCalendar): Promise<string | null> => room.calendars.read(tokenOf(calendar));
/** What is in it around now: from which day to which, and whose. */
async function shown(calendar: ReachableCalendar): Promise<string[]> {
  const { events } = convertIcsCalendar(undefined, (await read(calendar))!);
  const day = (at: Date): string => at.toISOString().slice(5, 13);
  const near = (events ?? []).filter(({ start, end }) => end!.date > room.clock.now() && start.date.getTime() < room.clock.ms() + 20 * DAY);
  return near.map(({ summary, start, end }) => `${summary} ${day(start.date)}-${day(end!.date)}`);
}
const removed = (calendar: ReachableCalendar): Promise<void> => room.calendars.remove(tenantId, calendar.scheduleId, calendar.id, { by: 'Eve' });

test("a calendar shows somebody's shifts, and what is changed about them, by the next time that it is fetched", async () => {
  const [ada, ben] = [await room.person('Ada'), await room.person('Ben')];
  const { id } = await room.schedule('Nights', [ada, ben]);
  const [adas, all] = [await room.calendars.add(tenantId, id, ada.id, { by: 'Eve' }), await room.calendars.add(tenantId, id, null, {})];
  expect(await shown(adas)).toEqual(['On call: Nights 01-05T09-01-12T09', 'On call: Nights 01-19T09-01-26T09']);
  expect(await shown(all)).toEqual(['Nights: Ada 01-05T09-01-12T09', 'Nights: Ben 01-12T09-01-19T09', 'Nights: Ada 01-19T09-01-26T09']);
  const [from, until] = [new Date('2026-01-10T00:00:00Z'), new Date('2026-01-11T00:00:00Z')];
  await room.exceptions.add(tenantId, id, { kind: 'override', startsAt: from, endsAt: until, removes: ada.id, staff: [ben.id], reason: null }, {});
  expect((await shown(adas)).slice(0, 2)).toEqual(['On call: Nights 01-05T09-01-10T00', 'On call: Nights 01-11T00-01-12T09']);
  expect((await shown(all))[1]).toBe('Nights: Ben 01-10T00-01-11T00');
  expect(await room.schedules.changes(tenantId, id, null, 10)).toEqual(expect.arrayContaining([expect.objectContaining({ machine: 'calendar', toState: 'set', cause: `${adas.id}, by Eve` })]));
});

test('an address leads nowhere once its calendar, its schedule or its person is removed', async () => {
  const [ada, ben] = [await room.person('Ada'), await room.person('Ben')];
  const { id } = await room.schedule('Late', [ben]);
  const calendars = [await room.calendars.add(tenantId, id, null, {}), await room.calendars.add(tenantId, id, ada.id, {}), await room.calendars.add(tenantId, id, ben.id, {})] as const;
  const areThere = async (): Promise<boolean[]> => (await Promise.all(calendars.map(read))).map((file) => file !== null);
  expect(await areThere()).toEqual([true, true, true]);
  await removed(calendars[0]);
  await expect(removed(calendars[0])).rejects.toMatchObject({ kind: 'not_found' });
  expect(await areThere()).toEqual([false, true, true]);
  await room.staff.remove(tenantId, ada.id, {});
  expect(await areThere()).toEqual([false, false, true]);
  await room.schedules.remove(tenantId, id, {});
  expect(await areThere()).toEqual([false, false, false]);
});

test('an address that was changed in any place, or made for another tenant, is none', async () => {
  const { id } = await room.schedule('Days', [await room.person('Ada')]);
  const token = tokenOf(await room.calendars.add(tenantId, id, null, {}));
  const turned = (sign: string): string => (sign === 'A' ? 'B' : 'A');
  for (const at of [0, 20, 21, 30, 42, 43, 60, 84]) expect(await room.calendars.read(`${token.slice(0, at)}${turned(token[at]!)}${token.slice(at + 1)}`)).toBeNull();
  for (const other of ['', token.slice(1), `${token}A`, `${token}=`, '../etc/passwd', 'A'.repeat(86)]) expect(await room.calendars.read(other)).toBeNull();
  const stranger = await room.tenancy.addTenant('Oak Clinic', {});
  await expect(room.calendars.add(stranger.id, id, null, {})).rejects.toMatchObject({ kind: 'not_found' });
  await expect(room.calendars.list(stranger.id, id, null, 10)).rejects.toMatchObject({ kind: 'not_found' });
});

test('the same key twice is one calendar, and for somebody else a conflict; when it was fetched is noted once an hour', async () => {
  const ada = await room.person('Ada');
  const { id } = await room.schedule('Keys', [ada]);
  const add = (staffId: string | null): Promise<ReachableCalendar> => room.calendars.add(tenantId, id, staffId, { key: 'one' });
  const [first, again] = await Promise.all([add(null), add(null)]);
  expect(again).toEqual(first);
  await expect(add(ada.id)).rejects.toMatchObject({ code: 'key_used' });
  await expect(room.calendars.add(tenantId, id, tenantId, {})).rejects.toMatchObject({ kind: 'invalid', fields: [{ path: 'staffId' }] });
  const readAt = async (): Promise<Date | null> => (await room.calendars.list(tenantId, id, null, 10))[0]!.readAt;
  expect(await readAt()).toBeNull();
  await read(first);
  const noted = room.clock.now();
  room.clock.forward(HOUR - 1);
  await read(first);
  expect(await readAt()).toEqual(noted);
  room.clock.forward(1);
  await read(first);
  expect(await readAt()).toEqual(room.clock.now());
  await removed(first);
  await expect(add(null)).rejects.toMatchObject({ code: 'key_used' });
});
