import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Database } from '@throughline/database/database.js';
import { secured } from '@throughline/database/security.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { ContactsService } from '../../src/contacts/contacts.service.js';
import { ConversationsService } from '../../src/conversations/conversations.service.js';
import { MergingService } from '../../src/conversations/merging.service.js';
import { MediaService } from '../../src/media/media.service.js';
import { exportSchema } from '../../src/privacy/privacy.schemas.js';
import { PrivacyService } from '../../src/privacy/privacy.service.js';
import { tables } from '../../src/privacy/tables.policy.js';
import { RetentionService } from '../../src/privacy/retention.service.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import { PrivacyRoom } from './privacy.room.js';

const WHATSAPP = '+15550000002';
const PICTURE = { url: 'https://api.twilio.com/picture', contentType: 'image/gif' };

let room: PrivacyRoom;
beforeAll(async () => {
  room = await PrivacyRoom.open();
});
afterAll(() => room.close());

const sidOf = async (contactId: string): Promise<string> =>
  (await room.fresh.query<{ sid: string }>('select conversation_sid as sid from conversations where contact_id = $1', [contactId]))[0]!.sid;
const messagesOf = async (contactId: string): Promise<{ id: string }[]> =>
  room.fresh.query<{ id: string }>('select id from messages where conversation_sid = $1 order by seq', [await sidOf(contactId)]);
const fetchAll = async (contactId: string): Promise<void> => {
  for (const { id } of await messagesOf(contactId)) await room.of(MediaService).fetch(room.tenant.id, id);
};
/** Somebody on WhatsApp who is known by a name and by a number, has sent pictures, and was answered by SMS when the window had closed. */
async function knownTwice(number: string, name: string): Promise<string> {
  const details = { location: { latitude: 1, longitude: 2, label: 'Walnut Lane', address: null }, username: `user.${name}`, words: ['They are at Walnut Lane 17'] };
  const contactId = await room.writes('Here I am, at my walnut tree', {
    channel: 'whatsapp', address: name, alsoKnownAs: number, sender: WHATSAPP, displayName: 'Walburga Walnut', media: [PICTURE, PICTURE], details,
  });
  const [sid, id] = [await sidOf(contactId), uuidv7(2)];
  await room.fresh.query(
    `insert into messages (id, tenant_id, conversation_sid, seq, direction, author_kind, author, channel, address, sender, body, status, mirror_state, via, created_at)
     values ($1, $2, $3, 2, 'outbound', 'assistant', 'assistant', 'whatsapp', $4, $5, 'Dear walnut friend', 'sent', 'mirrored', $6, $7)`,
    [id, room.tenant.id, sid, name, WHATSAPP, JSON.stringify({ channel: 'sms', sender: '+15550000001', address: number, contentSid: null, why: `${number} is closed` }), room.clock.now()],
  );
  await room.fresh.query(
    `insert into deliveries (id, tenant_id, conversation_sid, message_id, part, parts, channel, sender, address, body, content_variables, detour, state, attempt,
       provider_sid, created_at, updated_at)
     values ($1, $2, $3, $4, 1, 1, 'sms', '+15550000001', $5, 'Dear walnut friend', $6, $7, 'sent', 1, $8, $9, $9)`,
    [uuidv7(3), room.tenant.id, sid, id, number, JSON.stringify({ 1: 'Walburga', 2: 'Dear walnut friend' }), `${number} is closed`, `SM${id}`, room.clock.now()],
  );
  return contactId;
}

test('windows, second addresses, detours, variables, details and attachments with their files go with the person', async () => {
  const contactId = await knownTwice('+15557770001', 'US.4711.walburga');
  await fetchAll(contactId);
  expect(await room.files()).toHaveLength(2);
  const copy = await room.of(PrivacyService).export(room.tenant.id, contactId);
  // The API says nothing that its shape does not name.
  expect(Object.keys(copy).toSorted()).toEqual(Object.keys(exportSchema.shape).toSorted());
  expect(copy).toMatchObject({
    addresses: expect.arrayContaining([expect.objectContaining({ address: 'US.4711.walburga' }), expect.objectContaining({ address: '+15557770001' })]), whatsappWindows: [{ address: 'US.4711.walburga' }],
    attachments: [{ position: 0, contentType: 'image/gif', state: 'stored', href: expect.stringMatching(/\/media\/0$/) }, { position: 1 }],
    deliveries: [{ contentVariables: { 1: 'Walburga' } }], messages: [{ details: { username: 'user.US.4711.walburga' } }, { via: { address: '+15557770001' } }],
  });
  const report = await room.erases(contactId);
  expect(report).toMatchObject({
    state: 'done', counts: { addresses: 2, attachments: 2, whatsappWindows: 1, deliveries: 1 }, twilio: { message: { found: 2, removed: 2 } }, remains: { addresses: 2, left: {} },
  });
  expect(await room.files()).toEqual([]);
  for (const text of ['+15557770001', 'US.4711.walburga', 'walnut', 'Walnut', 'Walburga', 'user.US']) expect([text, await room.tablesWith(text)]).toEqual([text, []]);
});

test('an attachment that is on its way while its sender is erased leaves neither a file nor a word', async () => {
  const contactId = await room.writes('Look at this one', { media: [PICTURE] });
  const erasureId = await room.asks(contactId);
  room.meanwhile = () => room.goOn(erasureId);
  await fetchAll(contactId);
  room.meanwhile = async () => undefined;
  expect(await room.files()).toEqual([]);
  await fetchAll(contactId);
  room.clock.forward(120_000);
  await room.goOn(erasureId);
  expect(await room.report(contactId)).toMatchObject({ state: 'done' });
  expect(await room.files()).toEqual([]);
  expect(await room.fresh.query(`select distinct state, content_type, sha256 from media_files`)).toEqual([{ state: 'erased', content_type: null, sha256: null }]);
});

test('people who were merged are copied and erased as the one that they are, whichever is asked for', async () => {
  const absorbed = await room.writes('I have an old number, says Hazel', { address: '+15557770010', displayName: 'Hazel Nutt', media: [PICTURE] });
  const surviving = await room.writes('And I have a new one, says Hazel', { address: '+15557770011' });
  const sids = [await sidOf(absorbed), await sidOf(surviving)];
  await fetchAll(absorbed);
  await room.of(MergingService).merge(room.tenant.id, { absorbedId: absorbed, survivingId: surviving, staff: 'dana', reason: 'Hazel Nutt said so' });
  const copy = await room.of(PrivacyService).export(room.tenant.id, absorbed);
  expect(copy).toMatchObject({ contact: { id: surviving }, mergedContacts: [{ id: absorbed }], merges: [{ reason: 'Hazel Nutt said so' }], attachments: [{ position: 0 }] });
  expect(copy['messages']).toHaveLength(2);
  const report = await room.erases(absorbed);
  expect(report).toMatchObject({ contactId: surviving, state: 'done', counts: { contacts: 2, conversations: 2, merges: 1, addresses: 2, attachments: 1 }, twilio: { conversation: { found: 2 } } });
  expect(await room.report(surviving)).toEqual(report);
  await expect(room.of(MergingService).timeline(room.tenant.id, surviving, null, 10)).rejects.toMatchObject({ code: 'not_found' });
  await expect(room.of(MergingService).merge(room.tenant.id, { absorbedId: surviving, survivingId: await room.writes('Hi'), staff: 'dana', reason: null }))
    .rejects.toMatchObject({ code: 'not_found' });
  for (const text of ['Hazel', '+15557770010', '+15557770011']) expect([text, await room.tablesWith(text)]).toEqual([text, []]);
  expect(await room.files()).toEqual([]);
  for (const sid of sids) expect(await room.of(Database).transaction(room.tenant.id, (tx) => room.of(ConversationsService).lastSeqOf(tx, sid))).toBe(0);
});

test('a stop still holds for every name of an account on WhatsApp, and keeps texts from going round by SMS; an agreement to offers is gone', async () => {
  const [number, name] = ['+15557770021', 'US.4712.wilma'];
  const more = { channel: 'whatsapp' as const, address: name, alsoKnownAs: number, sender: WHATSAPP };
  const contactId = await room.writes('Hello, it is me', more);
  await room.writes('STOP', more);
  await room.writes('STOP', { address: number });
  await room.fresh.query(
    `insert into consents (id, tenant_id, channel, address, sender, purpose, state, source, wording, changed_at, recorded_at)
     values ($1, $2, 'sms', $3, '+15550000009', 'marketing', 'opted_in', 'form', 'Wilma wants offers', $4, $4)`, [uuidv7(5), room.tenant.id, number, room.clock.now()],
  );
  const contacts = room.of(ContactsService);
  const asked = (): Promise<unknown[]> => room.of(Database).transaction(room.tenant.id, (tx) => Promise.all([
    ...[name, number].map((address) => contacts.whyNotWrite(tx, { channel: 'whatsapp', address, sender: WHATSAPP }, { id: uuidv7(1), purpose: 'service' })),
    contacts.whyNotWrite(tx, { channel: 'sms', address: number, sender: '+15550000001' }, { id: uuidv7(1), purpose: 'service' }),
    contacts.saidStop(tx, ['sms', 'rcs'], number),
    contacts.whyNotWrite(tx, { channel: 'sms', address: number, sender: '+15550000009' }, { id: uuidv7(1), purpose: 'marketing' }),
  ]));
  const refused = expect.stringMatching(/has opted out/);
  expect(await asked()).toEqual([refused, refused, refused, true, null]);
  expect((await room.erases(contactId)).counts).toMatchObject({ consentsKeptAsDigest: 2 });
  expect(await asked()).toEqual([refused, refused, refused, true, expect.stringMatching(/has not agreed to marketing/)]);
  expect(await room.tablesWith(number)).toEqual([]);
  expect(await room.tablesWith('STOP')).toEqual([]);
});

test('who is erased stays in nobody\'s words about themselves: a stranger had typed their number, others had it in a name, and in that of a file', async () => {
  const number = '+15557770050';
  const claims = async (name: string | null, email: string | null, phone: string | null): Promise<string> => {
    const id = uuidv7(7);
    await room.fresh.query(
      `insert into visitors (id, tenant_id, widget_key, origin, refresh_hash, expires_at, lead_name, lead_email, lead_phone, created_at)
       values ($1, $2, 'wk_x', 'https://shop.example.com', $7, $3, $4, $5, $6, $3)`, [id, room.tenant.id, room.clock.now(), name, email, phone, `hash of ${id}`],
    );
    return id;
  };
  const typed = [
    await claims('Petra Pine', 'Petra@Pine.example', number), await claims(`${number} is mine`, null, null), await claims(null, `x${number}@pine.example`, null),
  ];
  const other = await claims('Olga Oak', 'olga@oak.example', '+15557770059');
  const bytes = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACAUwAOw==', 'base64');
  await room.of(MediaService).incoming.keep(room.tenant.id, other, { bytes, name: `${number}.gif`, declared: 'image/gif' });
  const contactId = await room.writes('Hello, it is Petra by text', { address: number });
  expect(await room.erases(contactId)).toMatchObject({ state: 'done', counts: { claims: 3 }, remains: { left: {} } });
  const later = await claims('Somebody new', null, number);
  const leadsOf = (ids: string[]): Promise<unknown[]> =>
    room.fresh.query('select lead_name as name, lead_email as email, lead_phone as phone from visitors where id = any($1::uuid[]) order by created_at', [ids]);
  expect(await leadsOf(typed)).toEqual(typed.map(() => ({ name: null, email: null, phone: null })));
  expect(await leadsOf([other, later])).toMatchObject([{ name: 'Olga Oak', phone: '+15557770059' }, { name: 'Somebody new', phone: number }]);
  expect(await room.of(Database).transaction(room.tenant.id, (tx) => room.of(MediaService).incoming.erase(tx, [other]))).toBe(1);
});

test('an e-mail address is forgotten however a stranger wrote it', async () => {
  await room.fresh.query(
    `insert into visitors (id, tenant_id, widget_key, origin, refresh_hash, expires_at, lead_email, created_at) values ($1, $2, 'wk_x', 'https://a.example', 'mixed', $3, 'Lena@Linden.example', $3)`,
    [uuidv7(8), room.tenant.id, room.clock.now()],
  );
  await room.erases(await room.writes('Dear clinic', { channel: 'email', address: 'lena@linden.example', sender: 'desk@elm.example' }));
  expect((await room.tablesWith('Linden')).concat(await room.tablesWith('linden'))).toEqual([]);
});

test('retention takes attachments along with their messages', async () => {
  const contactId = await room.writes('An old picture', { address: '+15557770030', media: [PICTURE] });
  await fetchAll(contactId);
  room.clock.forward(10 * 86_400_000);
  await room.writes('A new picture', { address: '+15557770030', media: [PICTURE] });
  await fetchAll(contactId);
  await room.fresh.query(`update messages set mirror_state = 'mirrored' where mirror_state = 'pending'`);
  await room.of(TenancyService).changeTenant(room.tenant.id, { settings: { retention: { messagesDays: 9 } } });
  await room.of(RetentionService).retain(room.tenant.id);
  expect(await room.files()).toHaveLength(1);
  const rows = await room.fresh.query('select state, sha256 is null as blank from media_files where conversation_sid = $1 order by created_at', [await sidOf(contactId)]);
  expect(rows).toEqual([{ state: 'erased', blank: true }, { state: 'stored', blank: false }]);
});

test('visitors who did not come back in time go once a day, many at a time, and nobody else', async () => {
  const comes = (count: number, expiresAt: Date): Promise<unknown> => room.fresh.query(
    `insert into visitors (id, tenant_id, widget_key, origin, refresh_hash, expires_at, lead_name, created_at)
     select gen_random_uuid(), $1, 'wk_x', 'https://shop.example.com', gen_random_uuid()::text, $2, 'Walter Walnut', $3 from generate_series(1, $4)`,
    [room.tenant.id, expiresAt, room.clock.now(), count],
  );
  await room.fresh.query('delete from visitors');
  await comes(5_003, room.clock.now());
  await comes(2, room.clock.in(60_000));
  const left = async (): Promise<number> => (await room.fresh.query('select 1 from visitors')).length;
  const again = (await room.of(RetentionService).retain(room.tenant.id))!.again;
  expect([await left(), again]).toEqual([5, room.clock.now()]);
  expect((await room.of(RetentionService).retain(room.tenant.id))!.again > room.clock.in(3_600_000)).toBe(true);
  expect(await left()).toBe(2);
});

test('every table says what of people is in it: whoever adds one teaches the erasure', async () => {
  const present = await room.fresh.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public'`);
  expect(Object.keys(tables).sort()).toEqual(present.map(({ name }) => name).sort());
});

test('a table that comes later is searched in every column, before anybody has taught the erasure', async () => {
  await room.fresh.query('create table later (id uuid primary key, tenant_id uuid not null, conversation_sid text, plain text, many text[], deep jsonb, created_at timestamptz)');
  for (const statement of secured('later', 'content')) await room.fresh.query(statement);
  for (const [column, value] of [['plain', 'call +15557770040 or so'], ['many', '{a,+15557770040}'], ['deep', '{"a":[{"b":"+15557770040"}]}']] as const) {
    const contactId = await room.writes('Find me in the new table', { address: '+15557770040' });
    await room.fresh.query(`insert into later (id, tenant_id, created_at, ${column}) values ($1, $2, $3, $4)`, [uuidv7(1), room.tenant.id, room.clock.now(), value]);
    await expect(room.erases(contactId)).rejects.toThrow(/something is left in: later\./);
    await room.fresh.query('delete from later');
    await room.goOn(await room.asks(contactId));
    expect(await room.report(contactId)).toMatchObject({ state: 'done' });
  }
  const contactId = await room.writes('Find my words in the new table', { address: '+15557770041' });
  await room.fresh.query(`insert into later (id, tenant_id, conversation_sid, deep) values ($1, $2, $3, '["said: Find my words in the new table"]')`, [uuidv7(1), room.tenant.id, await sidOf(contactId)]);
  await expect(room.erases(contactId)).rejects.toThrow(/something is left in: later\./);
  await room.fresh.query('drop table later');
});
