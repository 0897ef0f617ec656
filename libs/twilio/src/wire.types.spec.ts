import { describe, expect, test } from '@jest/globals';
import { conversationEvent, inboundMessage, messageStatusCallback, messageStatuses } from './wire.types.js';

const HEX = '0123456789abcdef0123456789abcdef';
const AC = `AC${HEX}`;

describe('an inbound message', () => {
  const least = { MessageSid: `SM${HEX}`, AccountSid: AC, From: '+15551230001', To: '+15550000001' };

  test('needs only its sid, its account and two addresses', () => {
    expect(inboundMessage.parse(least)).toEqual({ ...least, Body: '', NumMedia: 0 });
  });

  test('keeps what Twilio adds to it one day', () => {
    expect(inboundMessage.parse({ ...least, FromCity: 'OAKLAND', NumMedia: '2' })).toMatchObject({ FromCity: 'OAKLAND', NumMedia: 2 });
  });

  test.each<[string, unknown]>([
    ['MessageSid', undefined], ['MessageSid', 'SM1'], ['MessageSid', `CA${HEX}`], ['MessageSid', [`SM${HEX}`, `SM${HEX}`]], ['MessageSid', `SM${HEX}0`],
    ['AccountSid', undefined], ['AccountSid', `SM${HEX}`], ['From', undefined], ['From', ''], ['From', '+'.repeat(257)], ['To', ''], ['To', ['a', 'b']],
    ['Body', 'x'.repeat(65_537)], ['Body', ['a', 'b']], ['NumMedia', '11'], ['NumMedia', '-1'], ['NumMedia', 'two'], ['NumMedia', '1.5'],
    ['MessagingServiceSid', 'MG1'], ['ProfileName', 'x'.repeat(257)], ['OptOutType', 'x'.repeat(17)],
  ])('is refused for %s %j', (field, value) => {
    const { error } = inboundMessage.safeParse({ ...least, [field]: value });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([field]);
  });
});

describe('a status callback', () => {
  const least = { MessageSid: `MM${HEX}`, AccountSid: AC, MessageStatus: 'sent' };

  test.each(messageStatuses)('may say %s', (MessageStatus) => {
    expect(messageStatusCallback.parse({ ...least, MessageStatus })).toEqual({ ...least, MessageStatus });
  });

  test('bears its error as a number', () => {
    expect(messageStatusCallback.parse({ ...least, MessageStatus: 'undelivered', ErrorCode: '30003' }).ErrorCode).toBe(30003);
  });

  test.each<[string, unknown]>([['MessageStatus', 'lost'], ['MessageStatus', undefined], ['MessageSid', 'x'], ['ErrorCode', 'many']])('is refused for %s %j', (field, value) => {
    const { error } = messageStatusCallback.safeParse({ ...least, [field]: value });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([field]);
  });
});

describe('a Conversations event', () => {
  const least = { EventType: 'onMessageAdded', AccountSid: AC };

  test('needs only its type and its account, because other events have other fields', () => {
    expect(conversationEvent.parse(least)).toEqual(least);
    expect(conversationEvent.parse({ ...least, ConversationSid: `CH${HEX}`, MessageSid: `IM${HEX}`, Index: '7' })).toMatchObject({ Index: 7 });
  });

  test.each<[string, unknown]>([
    ['EventType', ''], ['ConversationSid', `IM${HEX}`], ['MessageSid', `SM${HEX}`], ['ParticipantSid', 'MB'], ['Attributes', 'x'.repeat(65_537)],
    ['Author', 'x'.repeat(257)],
  ])('is refused for %s', (field, value) => {
    const { error } = conversationEvent.safeParse({ ...least, [field]: value });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([field]);
  });
});
