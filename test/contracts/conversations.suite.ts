import { expect, test } from '@jest/globals';
import { ACCOUNT, ANNA, control, house, refusal } from './contract-house.js';
import { bind, listen, v1 } from './conversation-steps.js';

const create = (more: object = {}) => v1().conversations.create(more);

test('a conversation is created, found by sid and by name, changed, listed and deleted', async () => {
  const made = await create({ uniqueName: 't1-anna', friendlyName: 'Anna', attributes: '{"tenant":1}' });
  expect(made).toMatchObject({
    accountSid: ACCOUNT, state: 'active', timers: {}, bindings: {}, uniqueName: 't1-anna', attributes: '{"tenant":1}',
  });
  expect(made.links).toHaveProperty('export');
  expect((await v1().conversations('t1-anna').fetch()).sid).toBe(made.sid);
  expect((await v1().conversations(made.sid).update({ friendlyName: 'Anna B.' })).friendlyName).toBe('Anna B.');
  expect((await v1().conversations.list({ state: 'active' })).map((one) => one.sid)).toEqual([made.sid]);
  expect(await v1().conversations.list({ startDate: '2001-01-01', endDate: '2001-01-02' })).toEqual([]);
  expect(await v1().conversations(made.sid).remove()).toBe(true);
  expect(await refusal(v1().conversations('t1-anna').fetch())).toMatchObject({ status: 404, code: 20404 });
  expect((await create({ uniqueName: 't1-anna' })).sid).not.toBe(made.sid);
});

test('a unique name is unique, and no sid', async () => {
  await create({ uniqueName: 'taken' });
  expect(await refusal(create({ uniqueName: 'taken' }))).toMatchObject({ status: 409, code: 50353 });
  const race = await Promise.allSettled([create({ uniqueName: 'race' }), create({ uniqueName: 'race' })]);
  expect(race.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await refusal(create({ uniqueName: `CH${'0'.repeat(32)}` }))).toMatchObject({ status: 400, code: 50390 });
});

test('attributes are JSON of limited length', async () => {
  expect(await refusal(create({ attributes: 'not json' }))).toMatchObject({ status: 400, code: 50304 });
  expect(await refusal(create({ attributes: JSON.stringify('x'.repeat(17_000)) }))).toMatchObject({
    status: 400, code: 50303,
  });
  const { sid } = await create();
  expect(await refusal(v1().conversations(sid).messages.create({ body: 'x', attributes: JSON.stringify('x'.repeat(5_000)) }))).toMatchObject({ code: 50303 });
});

test('lists are cut into pages by Twilio’s own links', async () => {
  const sids: string[] = [];
  for (let n = 0; n < 5; n += 1) sids.push((await create({ friendlyName: String(n) })).sid);
  expect((await v1().conversations.list({ pageSize: 2 })).map((one) => one.sid)).toEqual(sids);
  const second = await (await v1().conversations.page({ pageSize: 2 })).nextPage();
  expect((await second?.previousPage())?.instances.map((one) => one.sid)).toEqual(sids.slice(0, 2));
});

test('closed is final; its name stays taken, its pair is free', async () => {
  const pair = bind(ANNA);
  const { sid } = await v1().conversations.create({ uniqueName: 'done' });
  await v1().conversations(sid).participants.create(pair);
  expect((await v1().conversations(sid).update({ state: 'closed' })).state).toBe('closed');
  expect(await refusal(v1().conversations(sid).messages.create({ body: 'x' }))).toMatchObject({
    status: 400, code: 50377,
  });
  control().switches({ closedStatus: 409 });
  expect(await refusal(v1().conversations(sid).update({ state: 'active' }))).toMatchObject({
    status: 409, code: 50377,
  });
  expect(await refusal(v1().conversations(sid).participants.create({ identity: 'x' }))).toMatchObject({ code: 50377 });
  expect(await refusal(v1().conversations.create({ uniqueName: 'done' }))).toMatchObject({ code: 50353 });
  const next = await v1().conversations.create();
  expect((await v1().conversations(next.sid).participants.create(pair)).sid).toMatch(/^MB/);
});

test('wrong states and timers are refused, each with its code', async () => {
  const create = (more: object) => refusal(house().straight.conversations.v1.conversations.create(more as never));
  expect(await create({ state: 'flying' })).toMatchObject({ code: 50378 });
  expect(await create({ state: '' })).toMatchObject({ code: 50374 });
  expect(await create({ state: 'closed' })).toMatchObject({ code: 50384 });
  expect(await create({ state: 'active', 'timers.inactive': 'PT10S' })).toMatchObject({ code: 50375 });
  expect(await create({ state: 'active', 'timers.closed': 'PT5M' })).toMatchObject({ code: 50376 });
  expect(await create({ state: 'active', 'timers.inactive': '1 minute' })).toMatchObject({ code: 50379 });
  expect(await create({ state: 'active', 'timers.closed': 'soon' })).toMatchObject({ code: 50380 });
  expect(await create({ 'timers.inactive': 'PT1M' })).toMatchObject({ code: 50382 });
});

test('timers run on the clock: inactive, awake again by a message, closed at last, and each change is told', async () => {
  const { sink } = house();
  await listen(['onConversationStateUpdated']);
  const { sid, timers } = await v1().conversations.create({
    state: 'active', 'timers.inactive': 'PT10M', 'timers.closed': 'PT1H',
  });
  expect(Object.keys(timers as object)).toEqual(['date_inactive', 'date_closed']);
  control().forward('9m');
  await v1().conversations(sid).messages.create({ body: 'still here' });
  control().forward('9m');
  expect((await v1().conversations(sid).fetch()).state).toBe('active');
  control().forward('2m');
  expect((await v1().conversations(sid).fetch()).state).toBe('inactive');
  await v1().conversations(sid).messages.create({ body: 'hello again' });
  expect((await v1().conversations(sid).fetch()).state).toBe('active');
  control().forward('2h');
  expect(await v1().conversations(sid).fetch()).toMatchObject({ state: 'closed', timers: {} });
  await control().idle();
  expect(sink.values('/hooks', 'StateTo')).toEqual(['inactive', 'active', 'inactive', 'closed']);
  expect(sink.values('/hooks', 'Reason')).toEqual(['TIMER', 'EVENT', 'TIMER', 'TIMER']);
  expect(sink.at('/hooks')[0]?.params).not.toHaveProperty('State');
});
