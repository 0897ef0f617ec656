import { expect, test } from '@jest/globals';
import type { Message } from '../conversations/conversations.types.js';
import { standingOf } from './standing.policy.js';

const turn = { id: 'turn', tenantId: 't', conversationSid: 'CH1', upToSeq: 5, epoch: 0, attempt: 1 };
const at = (seq: number, change: Partial<Message>): Message => ({ seq, direction: 'outbound', authorKind: 'assistant', turnId: null, ...change }) as Message;
const question = at(5, { direction: 'inbound', authorKind: 'contact' });

test.each<[string, Message[], string]>([
  ['a question', [at(4, { turnId: 'before' }), question], 'open'],
  ['its own words after it', [question, at(6, { turnId: 'turn' })], 'said_before'],
  ['a colleague answered', [question, at(6, { authorKind: 'staff' })], 'stale'],
  ['a colleague wrote before it', [at(4, { authorKind: 'staff' }), question], 'open'],
  ['a colleague left a note', [question, at(6, { authorKind: 'staff', direction: 'internal' })], 'open'],
  ['a closing line of an earlier stretch', [question, at(6, { turnId: 'earlier' })], 'open'],
])('%s', (_, thread, standing) => {
  expect(standingOf(turn, thread)).toBe(standing);
});
