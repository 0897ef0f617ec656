import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { OncallRoom } from './oncall.room.js';

const [HOUR, DAY] = [3_600_000, 86_400_000];
const ALWAYS = { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' };

let room: OncallRoom;
let tenantId: string;
beforeAll(async () => {
  room = await OncallRoom.open();
  tenantId = room.tenant.id;
});
afterAll(() => room.close());
beforeEach(() => room.clock.forward(HOUR));

const inHours = (hours: number): Date => room.clock.in(hours * HOUR);
/** Who is on call, by name. */
const who = async (scheduleId: string, at?: Date): Promise<string> => (await room.oncall.onCall(tenantId, scheduleId, at)).staff.map(({ name }) => name).join(' ');
const verdicts = async (scheduleId: string): Promise<string[]> =>
  (await room.oncall.preflight(tenantId, scheduleId))[0]!.outlooks.map(({ verdict, staff }) => [verdict, ...staff.map(({ name, trouble }) => [name, trouble].filter(Boolean).join(':'))].join(' '));
const override = (scheduleId: string, { hours, remove, add }: { hours: [number, number]; remove?: string; add?: string }, key?: string): ReturnType<OncallRoom['exceptions']['add']> =>
  room.exceptions.add(tenantId, scheduleId, { kind: 'override', startsAt: inHours(hours[0]), endsAt: inHours(hours[1]), removes: remove ?? null, staff: add ? [add] : [], reason: null }, { key, by: 'Dana' });

test('who is on call now, until when, and on what: verified ways only, in their order', async () => {
  const [ada, ben] = [await room.person('Ada'), await room.person('Ben', { isVerified: false })];
  const mail = await room.methods.add(tenantId, ada.id, { channel: 'email', address: 'ada@example.com' }, {});
  const voice = await room.methods.add(tenantId, ada.id, { channel: 'voice', address: '+15559870101' }, {});
  await room.verifies(ada.id, voice.id);
  const { version } = await room.staff.change(tenantId, ada.id, { version: 1, contactMethods: [voice.id, mail.id, ada.contactMethods[0]!.id] }, { by: 'Dana' });
  expect(version).toBe(2);
  const { id } = await room.schedule('Ways', [ada, ben]);
  const now = await room.oncall.onCall(tenantId, id);
  expect(now).toMatchObject({ by: 'layers', until: new Date('2026-01-12T09:00:00Z'), staff: [{ name: 'Ada', trouble: null, isDoNotDisturb: false }] });
  expect(now.staff[0]!.methods.map(({ channel }) => channel)).toEqual(['voice', 'sms']);
  expect((await room.oncall.onCall(tenantId, id, new Date('2026-01-13T00:00:00Z'))).staff).toEqual([expect.objectContaining({ name: 'Ben', methods: [], trouble: 'unverified' })]);
});

test('a code shows whose a number is, for texts and calls alike; a wrong one, one too many, and e-mail without a mailer do not', async () => {
  const ada = await room.person('Ada', { isVerified: false, contactMethods: [{ channel: 'sms', address: '+15559870201' }, { channel: 'voice', address: '+15559870201' }] });
  const [sms, voice] = ada.contactMethods.map(({ id }) => id) as [string, string];
  const check = (code: string): Promise<string> => room.methods.check(tenantId, ada.id, sms, code).then(({ outcome }) => outcome, ({ code }: { code: string }) => code);
  expect(await check('123456')).toBe('expired');
  await room.methods.start(tenantId, ada.id, sms, undefined);
  await expect(room.methods.start(tenantId, ada.id, voice, 'sms')).rejects.toMatchObject({ kind: 'too_many', retryAfterMs: 30_000 });
  const code = room.codeAt('+15559870201');
  expect([await check(code === '111111' ? '222222' : '111111'), await check(code), await check(code)]).toEqual(['wrong', 'verified', 'verified_already']);
  expect((await room.staff.member(tenantId, ada.id)).contactMethods.every(({ verifiedAt }) => verifiedAt?.getTime() === room.clock.ms())).toBe(true);
  const mail = await room.methods.add(tenantId, ada.id, { channel: 'email', address: 'ada@example.com' }, {});
  await expect(room.methods.start(tenantId, ada.id, mail.id, undefined)).rejects.toMatchObject({ code: 'twilio_60223' });
  await expect(room.methods.start(tenantId, ada.id, mail.id, 'sms')).rejects.toMatchObject({ kind: 'invalid' });
});

test('who said STOP is not reached there, gets no code, and preflight says so', async () => {
  const ada = await room.person('Ada');
  const { id } = await room.schedule('Stopped', [ada]);
  expect((await verdicts(id))[0]).toBe('reached Ada');
  const { address } = ada.contactMethods[0]!;
  await room.rows(
    `insert into consents (id, tenant_id, channel, address, sender, purpose, state, source, changed_at, recorded_at) values ($1, $2, 'sms', $3, '+15550000001', 'everything', 'opted_out', 'keyword', $4, $4)`,
    [uuidv7(1), tenantId, address, room.clock.now()],
  );
  expect(await verdicts(id)).toEqual(['unreachable Ada:opted_out']);
  const other = await room.person('Eve', { isVerified: false, contactMethods: [{ channel: 'sms', address }] });
  await expect(room.methods.start(tenantId, other.id, other.contactMethods[0]!.id, undefined)).rejects.toMatchObject({ code: 'opted_out' });
});

test('preflight: for two weeks, who would be called, and each stretch in which nobody would be', async () => {
  const [ada, ben] = [await room.person('Ada', { doNotDisturb: [{ days: [2], from: '22:00', to: '06:00' }], timeZone: 'America/New_York' }), await room.person('Ben', { contactMethods: [] })];
  const { id } = await room.schedule('Preflight', [ada, ben]);
  const cover = await room.exceptions.add(tenantId, id, { kind: 'cover', startsAt: inHours(24), endsAt: inHours(25), removes: null, staff: [ben.id], reason: null }, {});
  await override(id, { hours: [48, 49], remove: ada.id });
  const [{ outlooks }] = (await room.oncall.preflight(tenantId, id)) as [Awaited<ReturnType<OncallRoom['oncall']['preflight']>>[number]];
  expect(outlooks.map(({ verdict, from }) => `${from.toISOString().slice(5, 16)} ${verdict}`)).toEqual([
    '01-05T13:00 reached', `${cover.startsAt.toISOString().slice(5, 16)} unreachable`, `${cover.endsAt.toISOString().slice(5, 16)} reached`, '01-07T03:00 urgent_only', '01-07T11:00 reached',
    `${inHours(48).toISOString().slice(5, 16)} gap`, `${inHours(49).toISOString().slice(5, 16)} reached`, '01-12T09:00 unreachable', '01-19T09:00 reached',
  ]);
  expect(outlooks.at(-1)!.until.getTime() - outlooks[0]!.from.getTime()).toBe(14 * DAY);
  const lines = [...(await room.oncall.preflightCsv(tenantId, id))];
  expect(lines).toHaveLength(1 + 14 * 96);
  expect(lines.filter((line) => line.includes('"gap"'))).toHaveLength(4);
  expect(lines.find((line) => line.includes('unreachable'))).toMatch(/^"Preflight","2026-01-06T13:00:00.000Z","2026-01-06T13:15:00.000Z","unreachable","Ben","","Ben: no_contact_method"\r\n$/);
});

test('overrides, swaps and covers hold at once, in the order in which they were made, and end when they are taken back', async () => {
  const [ada, ben, cleo] = [await room.person('Ada'), await room.person('Ben'), await room.person('Cleo')];
  const { id } = await room.schedule('Exceptions', [ada, ben]);
  room.clock.forward(1);
  const one = await override(id, { hours: [-5, 2], remove: ada.id, add: cleo.id });
  expect([await who(id), one.startsAt]).toEqual(['Cleo', room.clock.now()]);
  const swap = { one: { staffId: ada.id, from: inHours(4), until: inHours(5) }, other: { staffId: ben.id, from: inHours(7 * 24), until: inHours(7 * 24 + 1) } };
  expect(await room.exceptions.swap(tenantId, id, [swap.one, swap.other], 'a birthday', {})).toHaveLength(2);
  expect([await who(id, inHours(4)), await who(id, inHours(5)), await who(id, inHours(7 * 24)), await who(id, inHours(7 * 24 + 1))]).toEqual(['Ben', 'Ada', 'Ada', 'Ben']);
  await expect(room.exceptions.swap(tenantId, id, [swap.one, { ...swap.other, from: inHours(4) }], null, {})).rejects.toMatchObject({ kind: 'invalid' });
  room.clock.forward(1);
  const cover = await room.exceptions.add(tenantId, id, { kind: 'cover', startsAt: inHours(0), endsAt: inHours(3), removes: null, staff: [ben.id, ada.id], reason: null }, {});
  expect(await who(id)).toBe('Ben Ada');
  room.clock.forward(HOUR);
  for (const each of [cover, cover]) await room.exceptions.end(tenantId, id, each.id, { by: 'Dana' });
  expect([await who(id), await who(id, inHours(-0.5)), await who(id, inHours(2))]).toEqual(['Cleo', 'Ben Ada', 'Ada']);
  room.clock.forward(1);
  await room.exceptions.end(tenantId, id, one.id, {});
  expect([await who(id), (await room.exceptions.list(tenantId, id, null, 10)).map(({ kind }) => kind)]).toEqual(['Ada', ['override', 'override']]);
  expect((await room.schedules.changes(tenantId, id, null, 20)).map(({ machine, fromState, toState }) => `${machine} ${fromState}-${toState}`)).toEqual([
    'schedule none-version 1', 'override none-set', 'override none-set', 'override none-set', 'cover none-set', 'cover set-ended', 'override set-ended',
  ]);
});

test('made twice at once it is made once; of two changes of one version one is refused', async () => {
  const [ada, ben] = [await room.person('Ada'), await room.person('Ben')];
  const wanted = { name: 'Twice', timeZone: 'UTC', externalRef: null, layers: [] };
  const both = <T>(work: () => Promise<T>): Promise<T[]> => Promise.all([work(), work()]);
  const [first, second] = await both(() => room.schedules.add(tenantId, wanted, { key: 'k' }));
  expect(second).toEqual(first);
  const { id } = first!;
  const changes = await Promise.allSettled(['Once', 'Thrice'].map((name) => room.schedules.change(tenantId, id, { version: 1, name }, {})));
  expect(changes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect((await room.schedules.add(tenantId, wanted, { key: 'k' })).version).toBe(2); // asked again later, it is the same one
  await expect(room.schedules.add(tenantId, { ...wanted, timeZone: 'Europe/Paris' }, { key: 'k' })).rejects.toMatchObject({ code: 'key_used' });
  expect(new Set((await both(() => override(id, { hours: [1, 2], add: ada.id }, 'o'))).map((each) => each.id)).size).toBe(1);
  await expect(override(id, { hours: [1, 3], add: ada.id }, 'o')).rejects.toMatchObject({ code: 'key_used' });
  const member = { name: 'Dan', timeZone: 'UTC', doNotDisturb: [ALWAYS], externalRef: 'hr:1', contactMethods: [] };
  const [dan, same] = await both(() => room.staff.add(tenantId, member, { key: 's' }));
  expect(same).toEqual(dan);
  await expect(room.staff.add(tenantId, member, { key: 'other' })).rejects.toMatchObject({ code: 'external_ref_taken' });
  await expect(room.staff.add(tenantId, { ...member, name: 'Ann' }, { key: 's' })).rejects.toMatchObject({ code: 'key_used' });
  await expect(room.staff.change(tenantId, dan!.id, { version: 2, name: 'Ann' }, {})).rejects.toMatchObject({ code: 'changed_meanwhile' });
  const method = await both(() => room.methods.add(tenantId, ben.id, { channel: 'email', address: 'ben@example.com' }, { key: 'm' }));
  expect(method[1]).toEqual(method[0]);
  await expect(room.methods.add(tenantId, ben.id, { channel: 'email', address: 'ben@example.com' }, {})).rejects.toMatchObject({ code: 'method_exists' });
});

test('nobody is removed while a schedule counts on them, not even at the same moment; then their numbers are gone, and the name stays', async () => {
  const [ada, ben] = [await room.person('Ada'), await room.person('Ben')];
  const { id, version } = await room.schedule('Counting', [ada]);
  const remove = (staffId: string): Promise<void> => room.staff.remove(tenantId, staffId, { by: 'Dana' });
  await expect(remove(ada.id)).rejects.toMatchObject({ code: 'still_needed', message: expect.stringContaining('Counting') });
  const raced = await Promise.allSettled([remove(ben.id), override(id, { hours: [1, 2], remove: ada.id, add: ben.id })]);
  expect(raced.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  if (raced[1]!.status === 'fulfilled') await room.exceptions.end(tenantId, id, raced[1].value.id, {});
  const { staff } = (await room.oncall.shifts(tenantId, id, {}))[0]!;
  await room.schedules.change(tenantId, id, { version, layers: [] }, {});
  room.clock.forward(1);
  await remove(ada.id);
  for (const gone of [() => remove(ada.id), () => room.staff.member(tenantId, ada.id)]) await expect(gone()).rejects.toMatchObject({ kind: 'not_found' });
  expect(staff).toEqual([{ id: ada.id, name: 'Ada' }]);
  expect(await room.rows('select name from staff_members where id = $1', [ada.id])).toEqual([{ name: 'Ada' }]);
  expect(await room.rows('select 1 from contact_methods where staff_id = $1', [ada.id])).toEqual([]);
  await expect(room.schedule('Gone', [ada])).rejects.toMatchObject({ kind: 'invalid', fields: [{ path: 'layers', message: expect.stringContaining(ada.id) }] });
  expect((await room.staff.changes(tenantId, ada.id, null, 10)).at(-1)).toMatchObject({ toState: 'removed', cause: 'removed, by Dana' });
});

test('another tenant sees, changes and calls nobody', async () => {
  const ada = await room.person('Ada');
  const { id } = await room.schedule('Apart', [ada]);
  const { id: oak } = await room.tenancy.addTenant('Oak', {});
  const method = ada.contactMethods[0]!.id;
  const tries = [
    () => room.staff.member(oak, ada.id), () => room.staff.change(oak, ada.id, { version: 1, name: 'Eve' }, {}), () => room.staff.remove(oak, ada.id, {}), () => room.methods.start(oak, ada.id, method, undefined),
    () => room.methods.add(oak, ada.id, { channel: 'email', address: 'eve@example.com' }, {}), () => room.methods.remove(oak, ada.id, method, {}), () => room.methods.check(oak, ada.id, method, '123456'),
    () => room.schedules.schedule(oak, id), () => room.schedules.change(oak, id, { version: 1 }, {}), () => room.schedules.remove(oak, id, {}), () => room.oncall.onCall(oak, id),
    () => room.oncall.shifts(oak, id, {}), () => room.oncall.gaps(oak, id, {}), () => room.oncall.preflight(oak, id), () => room.exceptions.list(oak, id, null, 1),
    () => room.exceptions.add(oak, id, { kind: 'cover', startsAt: inHours(1), endsAt: inHours(2), removes: null, staff: [ada.id], reason: null }, {}), () => room.oncall.onCall(tenantId, 'x'),
    () => room.schedules.changes(oak, id, null, 10), () => room.staff.changes(oak, ada.id, null, 10),
  ];
  for (const tried of tries) await expect(tried()).rejects.toMatchObject({ kind: 'not_found' });
  expect([await room.staff.list(oak, null, 10), await room.schedules.list(oak, null, 10), await room.oncall.preflight(oak)]).toEqual([[], [], []]);
  const theirs = { name: 'Theirs', timeZone: 'UTC', externalRef: null, layers: [{ name: 'x', level: 0, startsAt: '2026-01-05T10:00', endsAt: null, every: 1, unit: 'days' as const, rotation: [[ada.id]], hours: [] }] };
  await expect(room.schedules.add(oak, theirs, {})).rejects.toMatchObject({ kind: 'invalid' });
});

test('an import is tried without a trace, brings all or nothing, and again only what is new', async () => {
  const participants = [{ type: 'user', id: 'u1' }, { type: 'user', id: 'u2' }];
  const rotations = [{ name: 'all', startDate: '2026-01-05T09:00:00Z', type: 'daily', length: 1, participants }, { name: 'odd', startDate: '2026-01-05T09:00:00Z', type: 'lunar', participants }];
  const overrides = [{ user: { type: 'user', id: 'u2' }, startDate: inHours(1).toISOString(), endDate: inHours(2).toISOString() }];
  const document = {
    schedules: [{ id: 's1', name: 'From afar', timezone: 'UTC', rotations, overrides }, { id: 's2', name: 'Apart', timezone: 'UTC', rotations: [] }],
    users: [{ id: 'u1', username: 'alice@example.com', fullName: 'Alice' }, { id: 'u2', username: 'bob', fullName: 'Bob' }],
  };
  const run = (isDryRun: boolean): ReturnType<OncallRoom['imports']['run']> => room.imports.run(tenantId, 'opsgenie', document, { isDryRun, by: 'Dana' });
  const fates = async (isDryRun: boolean): Promise<string[]> => {
    const { staff, schedules, leftOut } = await run(isDryRun);
    return [...staff, ...schedules].map(({ name, fate }) => `${name} ${fate}`).concat(leftOut.map(({ path }) => path));
  };
  const tried = ['Alice new', 'Bob new', 'From afar new', 'Apart name_taken', 'schedules.0.rotations.1'];
  expect(await fates(true)).toEqual(tried);
  expect(await room.rows(`select 1 from staff_members where external_ref like 'opsgenie:%'`)).toEqual([]);
  const both = await Promise.all([fates(false), fates(false)]);
  expect(both).toContainEqual(tried);
  expect(await fates(false)).toEqual(['Alice known', 'Bob known', 'From afar known', 'Apart name_taken', 'schedules.0.rotations.1']);
  const { id } = (await room.schedules.list(tenantId, null, 100)).find(({ name }) => name === 'From afar')!;
  expect([await who(id), await who(id, inHours(1)), (await room.oncall.onCall(tenantId, id)).staff[0]!.trouble]).toEqual(['Alice', 'Bob', 'unverified']);
});
