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

test('the record is data in one message, each line with its time, speaker and channel', () => {
  const prompt = summaryPrompt('task', 'Old summary.', [
    message({}),
    message({ authorKind: 'staff', author: 'Dana', direction: 'outbound', channel: 'whatsapp', body: 'On it' }),
    message({ authorKind: 'system', direction: 'internal', channel: 'internal', body: 'Dana handed back.' }),
    message({ body: '', media: [{ url: 'https://example.com/1', contentType: 'image/jpeg' }] }),
  ]);
  expect(prompt).toEqual([
    { role: 'system', content: 'task' },
    {
      role: 'user',
      content: [
        'Summary so far:', 'Old summary.', '', 'Messages after it:',
        '2026-01-05T09:00Z Customer (sms): hello',
        '2026-01-05T09:00Z Dana, staff (whatsapp): On it',
        '2026-01-05T09:00Z Note (internal): Dana handed back.',
        '2026-01-05T09:00Z Customer (sms):  [attached: image/jpeg]',
      ].join('\n'),
    },
  ]);
});

test('the first summary says that there is none yet', () => {
  expect(summaryPrompt('task', null, [message({})])[1]!.content).toContain('Summary so far:\n(none)');
});
