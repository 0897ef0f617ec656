import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { appDataSource, Database } from '@throughline/database/database.js';
import { Clock, FixedClock } from '@throughline/kernel/clock.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { ModelClient } from '@throughline/llm/client.js';
import { OutboxRows } from '@throughline/queues/outbox.rows.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { startSimulator, type TwilioSimulator } from '@throughline/twilio-simulator/server.js';
import type { DataSource } from 'typeorm';
import { DeliveryService } from '../../src/delivery/delivery.service.js';
import type { ChannelSender } from '../../src/delivery/delivery.types.js';
import { ConversationsService } from '../../src/conversations/conversations.service.js';
import { OpeningService } from '../../src/mirror/opening.service.js';
import { ErasureService } from '../../src/privacy/erasure.service.js';
import { PrivacyModule } from '../../src/privacy/privacy.module.js';
import { PrivacyService } from '../../src/privacy/privacy.service.js';
import { RetentionService } from '../../src/privacy/retention.service.js';
import { TenancyModule } from '../../src/tenancy/tenancy.module.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import type { Tenant } from '../../src/tenancy/tenancy.types.js';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';
import { plumbingOf, roomConfig } from './plumbing.js';

const clock = new FixedClock();
const removed: string[] = [];
let [fresh, dataSource, twilio, module, tenant] = [] as unknown as [TestDatabase, DataSource, TwilioSimulator, TestingModule, Tenant];
const of = <T>(type: new (...args: never[]) => T): T => module.get<T>(type, { strict: false });

beforeAll(async () => {
  fresh = await freshDatabase();
  dataSource = await appDataSource({ url: fresh.url }).initialize();
  const credentials = roomConfig.twilio;
  twilio = await startSimulator({ port: 0, clock, accounts: [{ sid: credentials.accountSid, authToken: credentials.authToken }], numbers: [] });
  const account = new TwilioAccount({ credentials, apiOrigin: twilio.origin }, undefined, undefined);
  const model = new ModelClient({ apiKey: 'none', baseUrl: 'http://127.0.0.1:9/v1', model: 'none' });
  const plumbing = plumbingOf(fresh.url, [[Clock, clock], [Database, new Database(dataSource)], [TwilioAccount, account], [ModelClient, model]]);
  module = await Test.createTestingModule({ imports: [plumbing, TenancyModule, PrivacyModule] }).compile();
  of(DeliveryService).registerSender({ channels: ['sms'], remove: async (sid: string) => void removed.push(sid) } as unknown as ChannelSender);
  tenant = await of(TenancyService).addTenant('Elm Clinic', {});
});
afterAll(async () => {
  await Promise.all([of(OutboxRows).close(), twilio.close(), dataSource.destroy()]);
  await fresh.drop();
});

let people = 0;
/** Somebody has texted this. @returns the contact's id */
async function writes(body: string, address = `+1555900${String(++people).padStart(4, '0')}`): Promise<string> {
  const message = { providerSid: `SM${uuidv7(1)}`, channel: 'sms' as const, address, sender: '+15550000001', body, media: [], receivedAt: clock.now() };
  const outcome = await of(ConversationsService).receive(tenant, message);
  if (outcome.outcome === 'stored') await of(OpeningService).receiveKept(tenant.id, outcome.inboxId);
  const [row] = await fresh.query<{ id: string }>('select contact_id as id from addresses where address = $1', [address]);
  return row!.id;
}
const asked = async (contactId: string): Promise<string> => (await of(PrivacyService).erase(tenant.id, contactId)).id;
const goOn = (erasureId: string): ReturnType<ErasureService['goOn']> => of(ErasureService).goOn(tenant.id, erasureId);
const state = async (contactId: string): Promise<string> => (await of(PrivacyService).report(tenant.id, contactId)).state;

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
  await goOn(erasureId);
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
