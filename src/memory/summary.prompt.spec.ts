import { expect, test } from '@jest/globals';
import type { Message } from '../conversations/conversations.types.js';
import { SUMMARISE_PROMPT } from './prompt.files.js';
import { summaryPrompt } from './summary.prompt.js';

const message = (change: Partial<Message>): Message => ({
  id: 'm', tenantId: 't', conversationSid: 'CH1', seq: 1, direction: 'inbound', authorKind: 'contact', author: 'sms:+15551230001',
  channel: 'sms', address: null, sender: null, body: 'hello', media: [], status: 'received', errorCode: null, providerSid: null,
  turnId: null, mirrorState: 'none', mirrorSid: null, createdAt: new Date('2026-01-05T09:00:00Z'), ...change,
});

test('the task names itself, for whoever routes requests by task', () => {
  expect(SUMMARISE_PROMPT).toMatch(/^TASK: summarise$/m);
});

test('the record is data in one message, each line with its speaker and channel, each day named', () => {
  const prompt = summaryPrompt('task', 'Old summary.', [
    message({}),
    message({ authorKind: 'staff', author: 'Dana', direction: 'outbound', channel: 'whatsapp', body: 'On it' }),
    message({ authorKind: 'system', direction: 'internal', channel: 'internal', body: 'Dana handed back.', createdAt: new Date('2026-01-06T01:00:00Z') }),
    message({ createdAt: new Date('2026-01-06T01:00:00Z'), body: '', media: [{ url: 'https://example.com/1', contentType: 'image/jpeg' }] }),
  ]);
  expect(prompt).toEqual([
    { role: 'system', content: 'task\n\nSummary so far:\nOld summary.' },
    {
      role: 'user',
      content: [
        'On 2026-01-05',
        'Customer (sms): hello',
        'Dana, staff (whatsapp): On it',
        'On 2026-01-06',
        'Note (internal): Dana handed back.',
        'Customer (sms):  [attached: image/jpeg]',
      ].join('\n'),
    },
  ]);
});

test('the first summary has none before it', () => {
  expect(summaryPrompt('task', null, [message({})])[0]!.content).toBe('task');
});
