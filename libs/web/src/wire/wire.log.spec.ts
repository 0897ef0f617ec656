import { describe, expect, it } from '@jest/globals';
import type { RestCall, Webhook } from '../live/simulator.types.js';
import { circleOf, newestFirst, refused, restEntry, shortPath, troubled, wanted, webhookEntry } from './wire.log.js';

const AT = '2026-01-05T09:00:00.000Z';
const SID = `CH${'0123456789abcdef'.repeat(2)}`;

const hook = (more: Partial<Webhook> = {}): Webhook => ({
  id: 1, at: AT, url: 'http://127.0.0.1:3000/webhooks/twilio/messaging', event: 'messaging',
  params: { From: '+15552010001', Body: 'Hello' }, signature: 'x=', status: 200, ms: 3, attempt: 1, ...more,
});

const rest = (more: Partial<RestCall> = {}): RestCall => ({
  id: 1, at: AT, method: 'POST', host: 'conversations.twilio.com', path: `/v1/Conversations/${SID}/Messages`,
  params: { Author: 'assistant', Body: 'Hi' }, status: 201, ms: 2, ...more,
});

describe('the wire log', () => {
  it('says what a webhook of a call is about', () => {
    const params = { CallSid: 'CA1', CallStatus: 'ringing', From: '+15552010001', To: '+15550100001' };
    expect(webhookEntry(hook({ event: 'voice', params })).about).toBe('ringing from +15552010001 to +15550100001');
  });

  it('shortens paths to what tells them apart', () => {
    expect(shortPath(`/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages.json`)).toBe('Messages');
    expect(shortPath(`/v1/Services/IS${'0'.repeat(32)}/Conversations/${SID}/Messages?PageSize=1`)).toBe('Conversations/CH0123…cdef/Messages');
  });

  it('says in a few words what a call is about', () => {
    expect(webhookEntry(hook()).about).toBe('+15552010001 “Hello”');
    expect(webhookEntry(hook({ event: 'status', params: { MessageStatus: 'undelivered', ErrorCode: '30003', To: '+15552010001' } })).about)
      .toBe('undelivered 30003 to +15552010001');
    expect(restEntry(rest()).event).toBe('POST Conversations/CH0123…cdef/Messages');
  });

  it.each<[string, Partial<Webhook>, boolean, boolean]>([
    ['answered well', {}, false, false],
    ['refused', { status: 403 }, true, true],
    ['never sent', { status: null, ms: null, attempt: 0, fault: 'webhook-lost' }, true, true],
    ['without an answer', { status: null, error: 'no answer within 5000 ms' }, true, true],
    ['still under way', { status: null, ms: null }, false, false],
    ['sent twice on purpose', { fault: 'webhook-duplicate' }, false, true],
    ['tried again', { attempt: 2 }, false, true],
  ])('tells a call that is %s', (_, more, isRefused, isTroubled) => {
    const entry = webhookEntry(hook(more));
    expect([refused(entry), troubled(entry)]).toEqual([isRefused, isTroubled]);
  });

  it('filters by kind, by words, and by person', () => {
    const entries = [webhookEntry(hook()), webhookEntry(hook({ id: 2, status: 500 })), restEntry(rest())];
    const keys = (wish: Parameters<typeof wanted>[1]): string[] => wanted(entries, wish).map(({ key }) => key);
    expect(keys({ kind: 'rest', text: '', about: [] })).toEqual(['rest 1']);
    expect(keys({ kind: 'trouble', text: '', about: [] })).toEqual(['webhook 2']);
    expect(keys({ kind: 'all', text: ' HELLO ', about: [] })).toEqual(['webhook 1', 'webhook 2']);
    expect(keys({ kind: 'all', text: '', about: ['+15552010001', SID] })).toEqual(['webhook 1', 'webhook 2', 'rest 1']);
    expect(keys({ kind: 'all', text: '', about: [SID] })).toEqual(['rest 1']);
  });

  it('knows a person’s Conversation from the calls that name both', () => {
    const joining = restEntry(rest({ id: 2, path: `/v1/Conversations/${SID}/Participants`, params: { Identity: 'sms:+15552010001' } }));
    const other = restEntry(rest({ id: 3, path: `/v1/Conversations/CH${'9'.repeat(32)}/Participants`, params: { Identity: 'sms:+15552010002' } }));
    expect(circleOf([joining, restEntry(rest()), other], '+15552010001')).toEqual(['+15552010001', SID]);
  });

  it('puts the newest first, and of one moment the later number', () => {
    const later = webhookEntry(hook({ id: 3, at: '2026-01-05T09:00:01.000Z' }));
    const entries = [webhookEntry(hook({ id: 9 })), webhookEntry(hook({ id: 10 })), later];
    expect(entries.sort(newestFirst).map(({ key }) => key)).toEqual(['webhook 3', 'webhook 10', 'webhook 9']);
  });
});
