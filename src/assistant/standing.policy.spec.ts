import { expect, test } from '@jest/globals';
import type { Message } from '../conversations/conversations.types.js';
import { isWrittenOpen, standingOf } from './standing.policy.js';

const turn = { id: 'turn', tenantId: 't', conversationSid: 'CH1', upToSeq: 5, epoch: 0, attempt: 1 };
const at = (seq: number, change: Partial<Message>): Message => ({ seq, direction: 'outbound', authorKind: 'assistant', turnId: null, ...change }) as Message;
const question = at(5, { direction: 'inbound', authorKind: 'contact' });

test.each<[string, Message[], string]>([
  ['a question', [at(4, { turnId: 'before' }), question], 'open'],
  ['its own words after it', [question, at(6, { turnId: 'turn' })], 'said_before'],
  ['a colleague answered', [question, at(6, { authorKind: 'staff' })], 'stale'],
  ['what a colleague wrote did not arrive', [question, at(6, { authorKind: 'staff', status: 'failed' })], 'open'],
  ['what a colleague wrote is not wanted', [question, at(6, { authorKind: 'staff', status: 'suppressed' })], 'stale'],
  ['a colleague wrote before it', [at(4, { authorKind: 'staff' }), question], 'open'],
  ['a colleague left a note', [question, at(6, { authorKind: 'staff', direction: 'internal' })], 'open'],
  ['a closing line of an earlier stretch', [question, at(6, { turnId: 'earlier' })], 'open'],
])('%s', (_, thread, standing) => {
  expect(standingOf(turn, thread)).toBe(standing);
});

const said = at(6, { turnId: 'turn', channel: 'voice' });
const [text, spoken] = [at(5, { direction: 'inbound', authorKind: 'contact', channel: 'sms' }), at(8, { direction: 'inbound', authorKind: 'contact', channel: 'voice' })];

test.each<[string, Message[], boolean]>([
  ['a text', [text], true],
  ['a text, a greeting, and a hello', [text, at(6, { channel: 'voice' }), spoken], true],
  ['a text that was answered on the phone', [text, said, spoken], false],
  ['a text that a colleague answered', [text, at(6, { authorKind: 'staff' })], false],
  ['only words on the phone', [said, spoken], false],
])('after a call, in writing there is still open: %s', (_, thread, expected) => {
  expect(isWrittenOpen(thread)).toBe(expected);
});
