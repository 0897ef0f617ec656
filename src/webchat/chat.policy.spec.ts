import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Message } from '../conversations/conversations.types.js';
import { attachmentOf, cursorAfter, cursorOf, gapOf, isHere, placeOf, providerSidOf, shown, shownOwner, threadNumber } from './chat.policy.js';

const place = fc.record({ thread: fc.integer({ min: 1, max: 9_999 }), seq: fc.integer({ min: 0, max: 2_147_483_647 }) });

test('cursors sort as texts like the places that they stand for, and lead back to them', () => {
  fc.assert(fc.property(place, place, (a, b) => {
    const order = a.thread - b.thread || a.seq - b.seq;
    expect(Math.sign(cursorOf(a) < cursorOf(b) ? -1 : cursorOf(a) > cursorOf(b) ? 1 : 0)).toBe(Math.sign(order));
    expect(placeOf(cursorOf(a))).toEqual(a);
  }));
});

test.each(['', '1', '00010000000001 ', '0001000000000x', '00019999999999', "' or 1=1", '٠٠٠١٠٠٠٠٠٠٠٠٠١'])('%j is no cursor', (text) => {
  expect(() => placeOf(text)).toThrow(/no cursor/);
});

const at = (seq: number, thread = 1): { thread: number; seq: number } => ({ thread, seq });
test.each([
  ['nothing is on its way', [null, null], true, [at(9), null]],
  ['what is on its way comes after it', [null, at(12)], true, [at(9), null]],
  ['it has passed what is on its way', [null, at(4)], true, [at(4), null]],
  ['it has, and more follow', [null, at(4)], false, [at(9), at(4)]],
  ['an earlier page has, and that has gone out since', [at(4), null], true, [at(4), null]],
  ['an earlier page has, and this one too', [at(4), at(7)], false, [at(9), at(4)]],
] as const)('where to go on after a page, when %s', (_when, gaps, isLast, [goesOn, gap]) => {
  const cursor = cursorAfter(at(9), gaps, isLast);
  expect([placeOf(cursor), gapOf(cursor)]).toEqual([goesOn, gap]);
});

test('a conversation that a visitor came back to has its newest place', () => {
  expect(['A', 'B', 'C'].map((sid) => threadNumber(['A', 'B', 'A'], sid))).toEqual([3, 2, 0]);
});

test('the same id of the same visitor is the same message, however it is written; of another visitor it is another', () => {
  expect(providerSidOf('maya', 'ABC')).toBe(providerSidOf('maya', 'abc'));
  expect(providerSidOf('sam', 'abc')).not.toBe(providerSidOf('maya', 'abc'));
  expect(providerSidOf('maya', 'abc')).not.toContain('maya');
});

test.each(['x', 'x.0', '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f', '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f.-1', '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f.100', '../../etc/passwd'])(
  '%s names no attachment', (id) => {
    expect(() => attachmentOf(id)).toThrow(/no attachment/);
  },
);

const message: Message = {
  id: '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f', tenantId: 't', conversationSid: 'A', seq: 7, direction: 'outbound', authorKind: 'staff', author: 'Dana', channel: 'chat',
  address: 'v', sender: 'wk', body: 'Hello', media: [{ url: 'upload:x', contentType: 'image/png', name: 'arm.png' }], status: 'sent', errorCode: null, providerSid: null,
  turnId: null, mirrorState: 'none', mirrorSid: null, createdAt: new Date('2026-01-05T09:00:00.000Z'),
};

test.each([
  [{}, { kind: 'staff', name: 'Dana' }], [{ author: 'dana@clinic.example' }, { kind: 'staff', name: null }],
  [{ authorKind: 'assistant' }, { kind: 'assistant', name: 'Robin' }], [{ authorKind: 'system' }, { kind: 'assistant', name: 'Robin' }], [{ authorKind: 'contact' }, { kind: 'contact', name: null }],
] as const)('who wrote %j is shown as %j', (change, author) => {
  expect(shown({ ...message, ...change }, 1, 'Robin', []).author).toEqual(author);
});

test('what was attached is shown with what was found out about it, and never where it is', () => {
  const file = { id: 'f', tenantId: 't', conversationSid: 'A', messageId: message.id, position: 0, state: 'refused', contentType: null, size: null, sha256: null, filename: null, storageKey: 'secret/key', reason: 'No.', createdAt: message.createdAt } as const;
  const [pending, refused] = [shown(message, 1, 'Robin', []), shown(message, 1, 'Robin', [file])].map(({ attachments }) => attachments[0]!);
  expect([pending!.state, pending!.name, pending!.href]).toEqual(['pending', 'arm.png', `/api/chat/media/${message.id}.0`]);
  expect([refused!.state, refused!.reason]).toEqual(['refused', 'No.']);
  expect(JSON.stringify(shown(message, 1, 'Robin', [file]))).not.toMatch(/secret|upload:/);
});

test('without a place there is no cursor', () => {
  expect([shown(message, 0, 'Robin', []).cursor, shown(message, 2, 'Robin', []).cursor]).toEqual([null, '00020000000007']);
});

test.each([['assistant', 'assistant'], ['queued', 'queued'], ['staff', 'staff'], ['specialist', 'staff'], ['closed', 'assistant'], [null, 'assistant']] as const)('%s is shown as %s', (owner, said) => {
  expect(shownOwner(owner)).toBe(said);
});

test('what was said to a visitor and went out as a text was not said in the chat', () => {
  const via = { channel: 'sms', sender: '+15550000001', address: '+15551230001', contentSid: null, why: 'v has opted out' } as const;
  expect([isHere(message, 'v'), isHere({ ...message, via: null }, 'v'), isHere({ ...message, via }, 'v'), isHere(message, 'w'), isHere({ ...message, channel: 'sms' }, 'v')])
    .toEqual([true, true, false, false, false]);
});
