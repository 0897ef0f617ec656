import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { textOf } from '@throughline/scripted-model/prompt.js';
import type { Tenant } from '../../src/tenancy/tenancy.types.js';
import { Room } from './assistant.room.js';

let room: Room;
beforeAll(async () => {
  room = await Room.open();
});
afterEach(() => {
  expect(room.model.waiting()).toBe(0);
  room.model.reset();
});
afterAll(() => room.close());

const FAQ = '# Visits\nUp to 24 hours before, cancelling costs nothing.\n\n# Animals\nDogs wait outside. Guide dogs come in.';
const tenantWith = (settings: unknown = {}): Promise<Tenant> => room.services.tenancy.addTenant('Elm', settings);
const titles = async (tenant: Tenant, query: string): Promise<string[]> =>
  (await room.services.knowledge.search(tenant.id, query, 5)).map(({ title, heading }) => [title, heading].filter(Boolean).join(' › '));
const citations = (tenant: Tenant, sid: string): ReturnType<Room['services']['knowledge']['citationsOf']> =>
  room.services.knowledge.citationsOf(tenant.id, sid, { turnId: null, after: null, limit: 100 });

test('a page is found by its words in any form, best passage first, with its telling part', async () => {
  const [tenant, { knowledge }] = [await tenantWith(), room.services];
  await knowledge.add(tenant.id, { title: 'House rules', body: FAQ, sourceUrl: 'https://example.com/rules' });
  await knowledge.add(tenant.id, { title: 'Dogs we love', body: 'Rex and Bella.', sourceUrl: null });
  expect(await titles(tenant, 'dog')).toEqual(['Dogs we love', 'House rules › Animals']);
  expect(await titles(tenant, 'Is cancellation free? cancel')).toEqual(['House rules › Visits']);
  expect(await titles(tenant, 'dog -love')).toEqual(['House rules › Animals']);
  expect(await titles(tenant, 'zebra dog')).toHaveLength(2);
  expect(await titles(tenant, 'zebra')).toEqual([]);
  expect(await titles(tenant, `'; drop table & | ! :* "`)).toEqual([]);
  const [found] = await knowledge.search(tenant.id, 'guide', 1);
  expect(found).toMatchObject({ heading: 'Animals', headline: expect.stringContaining('**Guide** dogs'), sourceUrl: 'https://example.com/rules' });
});

test("words are taken in the tenant's language, as it was when the page was saved", async () => {
  const [tenant, { knowledge }] = [await tenantWith({ searchLanguage: 'german' }), room.services];
  const { id, language } = await knowledge.add(tenant.id, { title: 'Hausordnung', body: 'Hunde warten draußen.', sourceUrl: null });
  expect(language).toBe('german');
  expect(await titles(tenant, 'Hund')).toEqual(['Hausordnung']);
  await room.services.tenancy.changeTenant(tenant.id, { settings: { searchLanguage: 'simple' } });
  expect(await titles(tenant, 'Hund')).toEqual(['Hausordnung']);
  await knowledge.change(tenant.id, id, {});
  expect(await titles(tenant, 'Hund')).toEqual([]);
});

test('a changed page is found by its new words only, a removed one by none', async () => {
  const [tenant, { knowledge }] = [await tenantWith(), room.services];
  const { id } = await knowledge.add(tenant.id, { title: 'Fees', body: 'Ninety dollars.', sourceUrl: 'https://example.com/a' });
  room.clock.forward(1_000);
  const changed = await knowledge.change(tenant.id, id, { body: 'Eighty euros.' });
  expect(changed).toMatchObject({ title: 'Fees', body: 'Eighty euros.', sourceUrl: 'https://example.com/a' });
  expect(changed.updatedAt.getTime() - changed.createdAt.getTime()).toBe(1_000);
  expect(await titles(tenant, 'dollars')).toEqual([]);
  expect(await titles(tenant, 'euro')).toEqual(['Fees']);
  await knowledge.remove(tenant.id, id);
  expect(await titles(tenant, 'euro')).toEqual([]);
  expect(await room.rows('select 1 from knowledge_passages where page_id = $1', [id])).toEqual([]);
  const gone = [() => knowledge.page(tenant.id, id), () => knowledge.change(tenant.id, id, {}), () => knowledge.remove(tenant.id, id), () => knowledge.page(tenant.id, 'x')];
  for (const tried of gone) await expect(tried()).rejects.toMatchObject({ code: 'not_found' });
});

test('one source is one page', async () => {
  const [tenant, { knowledge }] = [await tenantWith(), room.services];
  const page = { title: 'A', body: 'a', sourceUrl: 'https://example.com/a' };
  const tried = await Promise.allSettled([knowledge.add(tenant.id, page), knowledge.add(tenant.id, page)]);
  expect(tried.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const other = await knowledge.add(tenant.id, { ...page, sourceUrl: null });
  await expect(knowledge.change(tenant.id, other.id, { sourceUrl: page.sourceUrl })).rejects.toMatchObject({ code: 'source_taken' });
  expect(await knowledge.list(tenant.id, null, 10)).toHaveLength(2);
});

test('another tenant finds, reads, changes and removes nothing', async () => {
  const [tenant, stranger, { knowledge }] = [await tenantWith(), await tenantWith(), room.services];
  const { id } = await knowledge.add(tenant.id, { title: 'Fees', body: 'Ninety dollars.', sourceUrl: null });
  expect(await titles(stranger, 'dollars')).toEqual([]);
  expect(await knowledge.list(stranger.id, null, 10)).toEqual([]);
  const theirs = [() => knowledge.page(stranger.id, id), () => knowledge.change(stranger.id, id, { title: 'Mine' }), () => knowledge.remove(stranger.id, id)];
  for (const tried of theirs) await expect(tried()).rejects.toMatchObject({ code: 'not_found' });
  expect(await titles(tenant, 'dollars')).toEqual(['Fees']);
});

test('the assistant finds passages of its own tenant, and what it was shown is kept with the turn, once', async () => {
  const [tenant, stranger, { knowledge }] = [await tenantWith(), await tenantWith(), room.services];
  const { id } = await knowledge.add(tenant.id, { title: 'House rules', body: FAQ, sourceUrl: null });
  await knowledge.add(stranger.id, { title: 'Dogs of others', body: 'Dogs cost extra.', sourceUrl: null });
  const ada = await room.customer(tenant);
  room.model.next({ callTool: { name: 'search_knowledge', arguments: { query: 'dogs', tenantId: stranger.id } } });
  room.model.next({ afterTool: 'search_knowledge', callTool: { name: 'search_knowledge', arguments: { query: 'guide dogs' } } });
  room.model.next({ afterTool: 'search_knowledge', say: 'Dogs wait outside.' });
  await ada.turn(await ada.writes('May I bring my dog?'));
  const [report] = room.model.turns().at(-1)!.body.messages.filter(({ role }) => role === 'tool').map(textOf);
  expect(report).toMatch(/^Passage [0-9a-f-]{36} of "House rules › Animals":\nDogs wait outside/);
  expect(report).not.toContain('cost extra');
  const [reply] = (await ada.thread()).slice(-1);
  const [shown, ...more] = await citations(tenant, ada.sid);
  expect(more).toEqual([]);
  expect(shown).toMatchObject({ turnId: reply!.turnId, pageId: id, title: 'House rules', passage: 'Dogs wait outside. Guide dogs come in.' });
  await knowledge.remove(tenant.id, id);
  expect(await citations(tenant, ada.sid)).toHaveLength(1);
  await expect(citations(stranger, ada.sid)).rejects.toMatchObject({ code: 'not_found' });
});
