import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drafted, entriesOf, furthest, merged, type Outgoing, stillDrafts, suggestionsOf, unreadOf } from './thread.js';
import type { ChatMessage } from './wire.types.js';

const message = (cursor: string | null, more: Partial<ChatMessage> = {}): ChatMessage => ({
  id: `m${cursor}`, clientId: null, cursor, direction: 'outbound', author: { kind: 'assistant', name: null }, body: '', buttons: [], attachments: [],
  status: 'sent', turnId: null, createdAt: '2026-01-05T09:00:00.000Z', ...more,
});
const outgoing = (clientId: string): Outgoing => ({ clientId, body: 'Hi', attachments: [], createdAt: '2026-01-05T09:00:00.000Z', state: 'waiting', reason: null });
const ids = (messages: ChatMessage[]): string[] => messages.map(({ id }) => id);

describe('the thread on the page', () => {
  it('has each message once and in order, in whatever pieces and however often they come', () => {
    const all = Array.from({ length: 12 }, (_, at) => message(String(at).padStart(3, '0')));
    fc.assert(fc.property(fc.array(fc.shuffledSubarray(all), { maxLength: 6 }), (pieces) => {
      const known = [...pieces, all].reduce<ChatMessage[]>((thread, piece) => merged(thread, piece), []);
      expect(ids(known)).toEqual(ids(all));
    }));
  });

  it('shows what has no place yet at the end, and in its place once it has one', () => {
    const waits = message(null, { id: 'w', createdAt: '2026-01-05T09:00:01.000Z' });
    const known = merged([message('001')], [waits, message('003')]);
    expect(ids(known)).toEqual(['m001', 'm003', 'w']);
    expect(ids(merged(known, [{ ...waits, cursor: '002' }]))).toEqual(['m001', 'w', 'm003']);
    expect(merged([message('002', { id: 'w' })], [waits])[0]?.cursor).toBe('002');
  });

  it('keeps the visitor\'s own message in its place when the hub has confirmed it', () => {
    const [sent, waits] = [outgoing('a'), outgoing('b')];
    const own = message('002', { clientId: 'a', direction: 'inbound' });
    expect(entriesOf([message('001')], [sent, waits]).map(({ key }) => key)).toEqual(['m001', 'a', 'b']);
    expect(entriesOf([message('001'), own], [sent, waits]).map(({ key, kind }) => [key, kind])).toEqual([['m001', 'message'], ['a', 'message'], ['b', 'outgoing']]);
  });

  it.each([['sent', 'delivered', 'delivered'], ['read', 'delivered', 'read'], [undefined, 'sent', 'sent'], ['sending', 'failed', 'failed']] as const)('%s, then %s: %s', (known, news, result) => {
    expect(furthest(known, news)).toBe(result);
  });

  it('counts what was not read', () => {
    const thread = [message('001'), message('002', { direction: 'inbound' }), message('003', { status: 'read' }), message('004'), message(null)];
    expect(ids(unreadOf(thread, null))).toEqual(['m001', 'm004']);
    expect(ids(unreadOf(thread, '001'))).toEqual(['m004']);
  });

  it('shows the latest of a draft until its message is there', () => {
    const drafts = [{ turnId: 't', index: 1, text: 'Hel' }, { turnId: 't', index: 0, text: 'He' }, { turnId: 't', index: 2, text: 'Hello' }].reduce(drafted, []);
    expect(drafts).toEqual([{ turnId: 't', index: 2, text: 'Hello' }]);
    expect(stillDrafts(drafts, [message('001', { turnId: 't' })])).toEqual([]);
  });

  it('suggests replies to the last words only', () => {
    const asks = message('001', { buttons: [{ text: 'Yes' }] });
    expect(suggestionsOf(entriesOf([asks], []))).toEqual(['Yes']);
    expect(suggestionsOf(entriesOf([asks], [outgoing('a')]))).toEqual([]);
  });
});
