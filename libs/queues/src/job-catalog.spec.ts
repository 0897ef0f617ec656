import { expect, test } from '@jest/globals';
import { jobCatalog, type JobName, jobNames } from './job-catalog.js';

const ID = '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f';
const SID = 'CH0123456789abcdef0123456789abcdef';
const parse = (name: JobName, payload: unknown): boolean => jobCatalog[name].payload.safeParse(payload).success;

test.each<[JobName, Record<string, unknown>]>([
  ['inbox.receive', { inboxId: ID }],
  ['assistant.turn', { conversationSid: SID, upToSeq: 3 }],
  ['delivery.send', { messageId: ID }],
  ['delivery.check', { deliveryId: ID }],
  ['conversations.mirror', { conversationSid: SID }],
  ['conversations.adopt', { foreignSid: SID, messageSid: 'IM1' }],
  ['conversations.clock', { conversationSid: SID, epoch: 0 }],
  ['conversations.unite', { contactId: ID, ownerId: ID }],
  ['memory.summarise', { conversationSid: SID }],
  ['tools.forget', { conversationSid: SID }],
  ['privacy.erase', { erasureId: ID }],
])('%s needs each of its ids, in shape', (name, payload) => {
  expect(parse(name, payload)).toBe(true);
  for (const key of Object.keys(payload)) {
    const { [key]: _, ...rest } = payload;
    expect([key, parse(name, rest)]).toEqual([key, false]);
    expect([key, parse(name, { ...payload, [key]: null })]).toEqual([key, false]);
  }
});

test('numbers of messages and epochs are whole', () => {
  expect(parse('assistant.turn', { conversationSid: SID, upToSeq: 1.5 })).toBe(false);
  expect(parse('conversations.clock', { conversationSid: SID, epoch: '1' })).toBe(false);
});

test('periodic jobs carry nothing', () => {
  for (const name of ['channels.catch_up', 'conversations.reconcile', 'privacy.retain'] as const) expect(parse(name, {})).toBe(true);
});

test('jobs that nothing else would ask for again do not die of errors', () => {
  for (const name of ['channels.catch_up', 'conversations.reconcile', 'inbox.receive', 'conversations.mirror', 'conversations.clock', 'tools.forget', 'privacy.erase', 'privacy.retain'] as const) {
    expect([name, jobCatalog[name].attempts > 100_000]).toEqual([name, true]);
  }
});

test('every job may fail, wait and run beside itself a sensible number of times', () => {
  for (const name of jobNames) {
    const { attempts, backoffMs, concurrency } = jobCatalog[name];
    expect([name, attempts >= 5, backoffMs >= 100, concurrency >= 1]).toEqual([name, true, true, true]);
  }
});
