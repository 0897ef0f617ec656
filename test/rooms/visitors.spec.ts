import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { appDataSource, Database } from '@throughline/database/database.js';
import { FixedClock } from '@throughline/kernel/clock.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { SignJWT } from 'jose';
import type { DataSource } from 'typeorm';
import type { AppConfig } from '../../src/app.config.js';
import { tenantSettingsSchema } from '../../src/tenancy/tenancy.types.js';
import { WindowsService } from '../../src/tenancy/windows.service.js';
import { SessionsService } from '../../src/visitors/sessions.service.js';
import type { ChatSession, Opened, Widget } from '../../src/visitors/visitors.types.js';
import { WidgetsService } from '../../src/visitors/widgets.service.js';
import { ChatLimits } from '../../src/webchat/chat.limits.js';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';

const SHOP = 'https://shop.example.com';
const [ELM, OAK] = [uuidv7(1), uuidv7(2)];
const clock = new FixedClock();

let fresh: TestDatabase;
let dataSource: DataSource;
let database: Database;
let here: SessionsService;
let there: SessionsService;
let widgets: WidgetsService;
let widget: Widget;

beforeAll(async () => {
  fresh = await freshDatabase();
  dataSource = await appDataSource({ url: fresh.url }).initialize();
  database = new Database(dataSource);
  for (const id of [ELM, OAK]) await fresh.query(`insert into tenants (id, name, account_sid, created_at) values ($1, 'Somebody', 'AC1', now())`, [id]);
  widgets = new WidgetsService(database, clock);
  here = new SessionsService(database, clock, widgets);
  there = new SessionsService(database, clock, new WidgetsService(database, clock));
  widget = await widgets.add(ELM, { allowedOrigins: [SHOP], title: 'Elm', greeting: '', accentColor: '#000000', locale: 'en', attachments: true, lead: 'off' });
});
afterAll(async () => {
  await dataSource.destroy();
  await fresh.drop();
});

const welcome = async (): Promise<void> => undefined;
const opens = (refreshToken: string | null = null, origin = SHOP, key = widget.key): Promise<Opened> => here.open(key, origin, refreshToken, welcome);
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'fine', (error: { code: string }) => error.code);

test('two processes that begin at once sign with one key, and each believes the other', async () => {
  const [one, two] = await Promise.all([opens(), there.open(widget.key, SHOP, null, welcome)]);
  expect(await there.verify(one.token, [SHOP])).toMatchObject({ tenantId: ELM, visitorId: one.visitor.id, widgetKey: widget.key, origin: SHOP });
  expect((await here.verify(two.token, [SHOP])).visitorId).toBe(two.visitor.id);
  expect(await fresh.query('select 1 from chat_keys')).toHaveLength(1);
});

test('a refresh token brings its visitor back, at its own origin and widget, for 90 days after its last use; it is nowhere to be read', async () => {
  const { visitor, refreshToken } = await opens();
  expect(await fresh.query('select 1 from visitors where visitors::text like $1', [`%${refreshToken}%`])).toEqual([]);
  expect(await opens(refreshToken)).toMatchObject({ visitor: { id: visitor.id }, refreshToken });
  const other = await widgets.add(ELM, { ...widget, allowedOrigins: [SHOP, 'https://blog.example.com'] });
  for (const elsewhere of [opens(refreshToken, SHOP, other.key), opens(refreshToken, 'https://blog.example.com', other.key), opens('made up')]) {
    expect((await elsewhere).visitor.id).not.toBe(visitor.id);
  }
  clock.forward(89 * 86_400_000);
  expect((await opens(refreshToken)).visitor.id).toBe(visitor.id);
  clock.forward(91 * 86_400_000);
  expect((await opens(refreshToken)).visitor.id).not.toBe(visitor.id);
  expect(await fresh.query('select 1 from visitors where id = $1', [visitor.id])).toEqual([]);
});

test('nobody new is let in who is not welcome, and whoever is known is not asked', async () => {
  const { refreshToken } = await opens();
  const refuses = (): Promise<void> => Promise.reject(Object.assign(new Error(), { code: 'too_many' }));
  expect(await codeOf(here.open(widget.key, SHOP, null, refuses))).toBe('too_many');
  expect(await codeOf(here.open(widget.key, SHOP, refreshToken, refuses))).toBe('fine');
});

test("a token of another tenant's key, under another algorithm, for something else or past its time is refused", async () => {
  const { token, visitor } = await opens();
  const [{ secret }] = await fresh.query<{ secret: string }>('select secret from chat_keys where tenant_id = $1', [ELM]) as [{ secret: string }];
  const signed = (change: { kid?: string; alg?: string; audience?: string; key?: string }): Promise<string> => new SignJWT({ widget: widget.key, origin: SHOP })
    .setProtectedHeader({ alg: change.alg ?? 'HS256', kid: change.kid ?? ELM }).setSubject(visitor.id).setIssuer('throughline')
    .setAudience(change.audience ?? 'chat').setExpirationTime(clock.in(60_000)).sign(Buffer.from(change.key ?? secret, 'base64url'));
  const verdicts = await Promise.all([
    signed({}), signed({ kid: OAK }), signed({ alg: 'HS512', key: secret.repeat(2) }), signed({ audience: 'console' }), signed({ key: 'b'.repeat(43) }),
  ].map(async (made) => codeOf(there.verify(await made, [SHOP]))));
  expect(verdicts).toEqual(['fine', ...Array.from({ length: 4 }, () => 'unauthenticated')]);
  clock.forward(15 * 60_000 + 1_000);
  expect(await codeOf(here.verify(token, [SHOP]))).toBe('token_expired');
});

test('an origin that is taken away, and a widget that is removed, end their tokens', async () => {
  const mine = await widgets.add(ELM, { ...widget, allowedOrigins: [SHOP] });
  const { token } = await opens(null, SHOP, mine.key);
  await widgets.change(ELM, mine.key, { allowedOrigins: [] });
  expect(await codeOf(here.verify(token, [SHOP]))).toBe('forbidden_origin');
  await widgets.change(ELM, mine.key, { allowedOrigins: [SHOP] });
  expect(await codeOf(here.verify(token, [SHOP]))).toBe('fine');
  await expect(widgets.remove(OAK, mine.key)).rejects.toMatchObject({ code: 'not_found' });
  await widgets.remove(ELM, mine.key);
  expect(await codeOf(here.verify(token, [SHOP]))).toBe('forbidden_origin');
  expect(await codeOf(opens(null, SHOP, mine.key))).toBe('forbidden_origin');
});

test('a limit holds over two processes at once, for each tenant on its own, and begins anew after its time', async () => {
  const [one, two] = [new WindowsService(database, clock), new WindowsService(database, clock)];
  const five = { what: 'codes/maya', most: 5, perMs: 60_000 };
  const taken = (tenantId: string): Promise<string[]> => Promise.all(Array.from({ length: 12 }, (_, n) => codeOf((n % 2 ? one : two).take(tenantId, five))));
  expect((await taken(ELM)).filter((code) => code === 'fine')).toHaveLength(5);
  expect((await taken(OAK)).filter((code) => code === 'fine')).toHaveLength(5);
  await expect(one.take(ELM, { what: 'another', most: 9, perMs: 1 }, five)).rejects.toMatchObject({ kind: 'too_many', retryAfterMs: 60_000 });
  clock.forward(60_000);
  expect(await codeOf(two.take(ELM, five))).toBe('fine');
  expect(await fresh.query(`select 1 from use_windows where key like '%maya%'`)).toEqual([]);
});

test('files of whoever they are from are limited for an IP address and for the tenant, in bytes, and a few at once', async () => {
  const settings = tenantSettingsSchema.parse({ chat: { uploadMegabytesPerHour: 1_000 } });
  const tenancy = { windows: new WindowsService(database, clock), tenant: async () => ({ settings }) };
  const limits = new ChatLimits(clock, { trustedProxies: [] } as unknown as AppConfig, tenancy as never);
  const brings = (ip: string, megabytes: number, work = async (): Promise<void> => undefined): Promise<string> =>
    codeOf(limits.upload({ tenantId: OAK, visitorId: uuidv7(3) } as ChatSession, ip, megabytes * 1_000_000, work));
  const fine = async (ip: string): Promise<number> => {
    let brought = 0;
    while ((await brings(ip, 16)) === 'fine') brought += 1;
    return brought;
  };
  expect([await fine('198.51.100.1'), await fine('198.51.100.2'), await fine('198.51.100.3')]).toEqual([31, 31, 0]);
  clock.forward(3_600_000);
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const slow = [1, 2, 3, 4].flatMap((n) => [`203.0.113.${n}`, '203.0.113.9']).map((ip) => brings(ip, 1, () => held));
  expect(await brings('203.0.113.5', 1)).toBe('too_many_requests');
  letGo();
  expect(await Promise.all(slow)).toEqual(Array.from({ length: 8 }, () => 'fine'));
  expect(await brings('203.0.113.5', 1)).toBe('fine');
});
