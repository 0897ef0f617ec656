import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { ErasureService } from '../../src/privacy/erasure.service.js';
import { PrivacyService } from '../../src/privacy/privacy.service.js';
import { RetentionService } from '../../src/privacy/retention.service.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import type { Tenant } from '../../src/tenancy/tenancy.types.js';
import { diesAt } from './plumbing.js';
import { PrivacyRoom } from './privacy.room.js';

let room: PrivacyRoom;
let [fresh, tenant, clock, removed] = [] as unknown as [PrivacyRoom['fresh'], Tenant, PrivacyRoom['clock'], string[]];
beforeAll(async () => {
  room = await PrivacyRoom.open();
  ({ fresh, tenant, clock, removed } = room);
});
afterAll(() => room.close());

const of = <T>(type: new (...args: never[]) => T): T => room.of(type);
const writes = (body: string, address?: string): Promise<string> => room.writes(body, address ? { address } : {});
const asked = (contactId: string): Promise<string> => room.asks(contactId);
const goOn = (erasureId: string): ReturnType<ErasureService['goOn']> => room.goOn(erasureId);
const state = async (contactId: string): Promise<string> => (await room.report(contactId)).state;

test('step by step: silenced at once, the rest when nothing is under way, and nothing twice', async () => {
  const contactId = await writes('A rather personal story');
  const erasureId = await asked(contactId);
  const silenced = clock.now();
  expect(await goOn(erasureId)).toEqual({ again: new Date(silenced.getTime() + 120_000) });
  expect(await state(contactId)).toBe('silenced');
  expect(await goOn(erasureId)).toEqual({ again: new Date(silenced.getTime() + 120_000) });
  clock.forward(120_000);
  await Promise.all([goOn(erasureId), goOn(erasureId)]);
  expect(await state(contactId)).toBe('done');
  const report = await of(PrivacyService).report(tenant.id, contactId);
  expect(report).toMatchObject({ counts: { contacts: 1, messages: 1, addresses: 1 }, twilio: { message: { found: 1, removed: 1 } }, remains: { left: {} } });
  const hasDied = diesAt('erasure.removed');
  await goOn(erasureId);
  expect(hasDied()).toBe(false);
  expect(await of(PrivacyService).report(tenant.id, contactId)).toEqual(report);
  expect(await fresh.query('select 1 from erasure_needles')).toEqual([]);
});

test('asking twice is one erasure; nobody there, or of another tenant, is refused', async () => {
  const contactId = await writes('Hello there, it is me');
  const both = await Promise.all([asked(contactId), asked(contactId)]);
  expect(new Set(both).size).toBe(1);
  const stranger = await of(TenancyService).addTenant('Another', {});
  const refused = [() => of(PrivacyService).erase(stranger.id, contactId), () => of(PrivacyService).report(stranger.id, contactId),
    () => of(PrivacyService).export(stranger.id, contactId), () => of(PrivacyService).erase(tenant.id, 'nobody'), () => of(PrivacyService).report(tenant.id, uuidv7(1))];
  for (const attempt of refused) await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
  await of(ErasureService).goOn(stranger.id, both[0]!);
  expect(await state(contactId)).toBe('requested');
});

test('what is on its way to the provider is waited for, and then removed there too', async () => {
  const contactId = await writes('Please answer me quickly');
  const [{ sid }] = (await fresh.query('select conversation_sid as sid from conversations where contact_id = $1', [contactId])) as [{ sid: string }];
  const id = uuidv7(1);
  await fresh.query(
    `insert into deliveries (id, tenant_id, conversation_sid, message_id, part, parts, channel, sender, address, body, state, attempt, lease_until, created_at, updated_at)
     values ($1, $2, $3, $1, 1, 1, 'sms', '+15550000001', '+15559', 'An answer of ours', 'sending', 1, $4, $4, $4)`, [id, tenant.id, sid, clock.now()],
  );
  const erasureId = await asked(contactId);
  await goOn(erasureId);
  clock.forward(120_000);
  expect(await goOn(erasureId)).toEqual({ again: new Date(clock.ms() + 5_000) });
  expect(await fresh.query('select body from deliveries where id = $1', [id])).toEqual([{ body: 'An answer of ours' }]);
  await fresh.query(`update deliveries set state = 'sent', provider_sid = 'SMours' where id = $1`, [id]);
  await goOn(erasureId);
  expect(await fresh.query('select body, address, state from deliveries where id = $1', [id])).toEqual([{ body: '', address: '', state: 'sent' }]);
  expect(removed).toContain('SMours');
  expect(await state(contactId)).toBe('done');
});

test('while something is left the erasure does not end, and says in which table', async () => {
  const contactId = await writes('My secret ingredient is saffron', '+15557654321');
  const erasureId = await asked(contactId);
  await goOn(erasureId);
  clock.forward(120_000);
  await fresh.query(`insert into sender_rates (tenant_id, sender, tokens, refilled_at) values ($1, '+15557654321', 1, $2)`, [tenant.id, clock.now()]);
  await expect(goOn(erasureId)).rejects.toThrow(`Of contact ${contactId} something is left in: sender_rates.`);
  expect(await state(contactId)).toBe('removed');
  await fresh.query(`delete from sender_rates`);
  await goOn(erasureId);
  expect(await state(contactId)).toBe('done');
});

test('a copy that Twilio has lost already is as good as removed', async () => {
  const contactId = await writes('Nobody will miss this text');
  const erasureId = await asked(contactId);
  await goOn(erasureId);
  await fresh.query(`update erasure_copies set sid = 'CH00000000000000000000000000000000' where kind = 'conversation' and erasure_id = $1`, [erasureId]);
  clock.forward(120_000);
  await goOn(erasureId);
  expect(await state(contactId)).toBe('done');
});

const DAY_MS = 86_400_000;
const bodies = (contactId: string): Promise<unknown[]> =>
  fresh.query('select seq, body from messages join conversations using (conversation_sid) where contact_id = $1 order by seq', [contactId]);
const retain = (owner: Tenant, retention: unknown): Promise<unknown> =>
  of(TenancyService).changeTenant(owner.id, { settings: { retention } }).then(() => of(RetentionService).retain(owner.id));

test('retention takes old words from the oldest on, stops at what is not settled, and leaves other tenants alone', async () => {
  await fresh.query(`update messages set mirror_state = 'mirrored'`);
  const address = '+15559990001';
  const contactId = await writes('one', address);
  await writes('two', address);
  await writes('three', address);
  await fresh.query(`update messages set mirror_state = case when body = 'two' then 'pending' else 'mirrored' end where body in ('one', 'two', 'three')`);
  clock.forward(10 * DAY_MS);
  await writes('four', address);
  const stranger = await of(TenancyService).addTenant('Another', {});
  await retain(stranger, { messagesDays: 1, factsDays: 1, idleContactsDays: 1 });
  expect(await bodies(contactId)).toEqual([{ seq: 1, body: 'one' }, { seq: 2, body: 'two' }, { seq: 3, body: 'three' }, { seq: 4, body: 'four' }]);

  const next = { again: new Date(clock.ms() + DAY_MS) };
  expect(await retain(tenant, { messagesDays: 9 })).toEqual(next);
  expect(await bodies(contactId)).toEqual([{ seq: 1, body: '' }, { seq: 2, body: 'two' }, { seq: 3, body: 'three' }, { seq: 4, body: 'four' }]);
  await fresh.query(`update messages set mirror_state = 'mirrored' where body = 'two'`);
  expect(await retain(tenant, { messagesDays: 9 })).toEqual(next);
  expect(await retain(tenant, { messagesDays: 9 })).toEqual(next);
  expect(await bodies(contactId)).toEqual([{ seq: 1, body: '' }, { seq: 2, body: '' }, { seq: 3, body: '' }, { seq: 4, body: 'four' }]);
  expect(await fresh.query('select up_to_seq, summary from summaries join conversations using (conversation_sid) where contact_id = $1', [contactId]))
    .toEqual([{ up_to_seq: 3, summary: '' }]);
});

test('silent contacts are erased by the same machine as others, once', async () => {
  const quiet = await writes('Nobody hears from me again');
  clock.forward(40 * DAY_MS);
  const lively = await writes('But from me they do');
  await retain(tenant, { idleContactsDays: 30 });
  await retain(tenant, { idleContactsDays: 30 });
  expect(await state(quiet)).toBe('requested');
  await expect(state(lively)).rejects.toMatchObject({ code: 'not_found' });
});
