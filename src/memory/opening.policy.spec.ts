import { expect, test } from '@jest/globals';
import type { Message } from '../conversations/conversations.types.js';
import { saidAt } from './opening.policy.js';

const said = (body: string, channel: Message['channel'], address: string | null, direction: Message['direction'] = 'inbound'): Message => ({
  id: body, tenantId: 't', conversationSid: 'CH1', seq: 1, direction, authorKind: direction === 'inbound' ? 'contact' : 'assistant', author: 'a', channel, address,
  sender: null, body, media: [], status: 'received', errorCode: null, providerSid: null, turnId: null, mirrorState: 'none', mirrorSid: null, createdAt: new Date(0),
});

const thread = [
  said('by text', 'sms', '+15551230001'), said('answered by text', 'sms', '+15551230001', 'outbound'), said('a note', 'internal', null, 'internal'),
  said('in the chat', 'chat', 'visitor-1'), said('answered there', 'chat', 'visitor-1', 'outbound'), said('another visitor', 'chat', 'visitor-2'), said('like the chat', 'email', 'visitor-1'),
];

test('only what was said at this address, to and fro', () => {
  expect(saidAt(thread, { channel: 'chat', address: 'visitor-1' }).map(({ body }) => body)).toEqual(['in the chat', 'answered there']);
});

test('without an address nothing, least of all what has none either', () => {
  expect(saidAt(thread, { channel: 'internal', address: null })).toEqual([]);
  expect(saidAt([said('x', 'chat', null)], { channel: 'chat', address: null })).toEqual([]);
});
