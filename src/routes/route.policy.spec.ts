import { expect, test } from '@jest/globals';
import type { Sender } from '../tenancy/tenancy.types.js';
import type { RouteName } from './delivery.types.js';
import { chooseRoute, filledTemplate, isSameRoute, ruledOutBy } from './route.policy.js';

const closesAt = new Date('2026-01-06T08:55:00Z');
const [open, closed, never] = [{ state: 'closing', closesAt }, { state: 'closed', closesAt }, { state: 'closed', closesAt: null }] as const;
const template = { contentSid: 'HX1', variables: { 1: 'Hello' } };
const sms = { sender: { address: '+15550000001' } as Sender, address: '+15551230001' };
const choices = { window: closed, template, sms, ruledOut: [] as RouteName[] };

test.each([
  ['open', { ...choices, window: open }, 'text'],
  ['closed', choices, 'template'],
  ['never opened', { ...choices, window: never }, 'template'],
  ['open, but WhatsApp has refused free text', { ...choices, window: open, ruledOut: ['text' as const] }, 'template'],
  ['closed, the template refused', { ...choices, ruledOut: ['template' as const] }, 'sms'],
  ['closed, no template', { ...choices, template: { missing: 'no template is set up' } }, 'sms'],
  ['closed, nothing left', { ...choices, ruledOut: ['template' as const, 'sms' as const] }, 'none'],
])('the window %s', (_what, given, by) => {
  expect(chooseRoute(given).by).toBe(by);
});

test('when nothing is left it says all that people have to know', () => {
  expect(chooseRoute({ ...choices, template: { missing: 'no template is set up' }, sms: { missing: 'their phone number is not known' } })).toEqual({
    by: 'none',
    why: 'WhatsApp takes free text for 24 hours after they wrote, and that was over at 2026-01-06 08:55 UTC; no template is set up; their phone number is not known',
  });
});

const setting = { contentSid: 'HX1', variables: { 1: 'firstName', 2: 'reply', from: 'businessName' } } as const;

test.each([
  ['Maya Lopez', 'Maya'], ['  maya', 'maya'], ['+15551230001', 'there'], ['🌸', 'there'], [null, 'there'],
])('to %j the template says %s', (contactName, firstName) => {
  expect(filledTemplate(setting, { reply: 'We open\n\nat  eight.\t', contactName, businessName: undefined })).toEqual({
    contentSid: 'HX1', variables: { 1: firstName, 2: 'We open at eight.', from: 'us' },
  });
});

test('what does not fit into a template is not put into one', () => {
  expect(filledTemplate(setting, { reply: 'x'.repeat(701), contactName: null, businessName: 'Elm' })).toEqual({ missing: 'it is too long for the template' });
});

const plain = { channel: 'whatsapp', contentSid: null, detour: null };
test.each([
  ['free text outside the window', plain, 'window', 'text'],
  ['a template', { ...plain, contentSid: 'HX1', detour: 'closed' }, 'template', 'template'],
  ['an SMS instead, to somebody who said stop', { ...plain, channel: 'sms', detour: 'closed' }, 'opt_out', 'sms'],
  ['an ordinary SMS to somebody who said stop', { ...plain, channel: 'sms' }, 'opt_out', null],
  ['free text to somebody who blocked us', plain, 'opt_out', null],
  ['free text that is refused for good', plain, 'permanent', null],
] as const)('%s rules out that way and no other', (_what, delivery, failure, ruledOut) => {
  expect(ruledOutBy(delivery, failure)).toBe(ruledOut);
});

test.each([
  ['text', { by: 'text', until: closesAt }, { ...plain, sender: '+15550000009' }],
  ['template', { by: 'template', template, why: '' }, { ...plain, contentSid: 'HX1', sender: '+15550000009' }],
  ['sms', { by: 'sms', ...sms, why: '' }, { ...plain, channel: 'sms', sender: '+15550000001' }],
] as const)('an attempt made as %s is that and nothing else', (_what, route, made) => {
  expect(isSameRoute(made, route)).toBe(true);
  expect(isSameRoute({ ...made, channel: 'rcs', contentSid: 'HX9' }, route)).toBe(false);
  expect(isSameRoute(made, { by: 'none', why: '' })).toBe(false);
});
