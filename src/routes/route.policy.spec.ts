import { expect, test } from '@jest/globals';
import { type Choices, chooseRoute, isSameRoute, type Option, ruledOutBy } from './route.policy.js';
import type { NoRoute, Place, Route, RuledOut } from './routes.types.js';

const closesAt = new Date('2026-01-06T08:55:00Z');
const [open, closed, never] = [{ state: 'closing', closesAt }, { state: 'closed', closesAt }, { state: 'closed', closesAt: null }] as const;
const template = { contentSid: 'HX1', variables: { 1: 'Hello' } };
const place = (channel: string, more: Partial<Place> = {}): Place =>
  ({ channel, sender: '+15550000001', address: '+15551230001', messagingServiceSid: null, messagesPerSecond: null, ...more });
const at = (channel: string, more: Partial<Option> & { service?: string } = {}): Option =>
  ({ place: place(channel, { messagingServiceSid: more.service ?? null }), window: more.window ?? null, shut: more.shut ?? null });
const choices: Choices = { own: at('whatsapp', { window: closed }), others: [at('sms')], template, ruledOut: [] };

/** `whatsapp`, `whatsapp template`, `sms`, `none`. */
const taken = (route: Route | NoRoute): string => (route.to ? `${route.to.channel}${route.template ? ' template' : ''}` : 'none');

test.each<[string, Choices, string]>([
  ['open', { ...choices, own: at('whatsapp', { window: open }) }, 'whatsapp'],
  ['closed', choices, 'whatsapp template'],
  ['never opened', { ...choices, own: at('whatsapp', { window: never }) }, 'whatsapp template'],
  ['open, but WhatsApp has refused free text', { ...choices, own: at('whatsapp', { window: open }), ruledOut: ['text'] }, 'whatsapp template'],
  ['closed, the template refused', { ...choices, ruledOut: ['template'] }, 'sms'],
  ['closed, no template', { ...choices, template: { missing: 'no template is set up' } }, 'sms'],
  ['closed, nothing left', { ...choices, ruledOut: ['template', 'sms:+15551230001'] }, 'none'],
])('the window %s', (_what, given, way) => {
  expect(taken(chooseRoute(given))).toBe(way);
});

test.each<[string, Choices, string]>([
  ['nothing is wrong', { ...choices, own: at('rcs') }, 'rcs'],
  ['it cannot be reached there', { ...choices, own: at('rcs'), ruledOut: ['rcs:+15551230001'] }, 'sms'],
  ['they want nothing there', { ...choices, own: at('sms', { shut: 'said STOP' }), others: [at('whatsapp', { window: open })] }, 'whatsapp'],
  ['nor where else it might go', { ...choices, own: at('sms', { shut: 'said STOP' }), others: [at('whatsapp', { window: open, shut: 'there too' })] }, 'none'],
  ['the next one is closed, with a template', { ...choices, own: at('sms', { shut: 'said STOP' }), others: [at('whatsapp', { window: closed })] }, 'whatsapp template'],
  ['the next one is closed, and there is a third', { ...choices, own: at('sms', { shut: 'said STOP' }), template: { missing: 'none' }, others: [at('whatsapp', { window: closed }), at('email')] }, 'email'],
])('it goes to the next place: %s', (_what, given, way) => {
  const route = chooseRoute(given);
  expect(taken(route)).toBe(way);
  if (route.to) expect(route.detour === null).toBe(route.to === given.own.place);
});

test('when nothing is left it says all that people have to know', () => {
  expect(chooseRoute({ ...choices, template: { missing: 'no template is set up' }, others: [{ missing: 'their phone number is not known' }] })).toEqual({
    to: null, unwanted: false,
    why: 'WhatsApp takes free text for 24 hours after they wrote, and that was over at 2026-01-06 08:55 UTC; no template is set up; their phone number is not known',
  });
});

test.each<[string, Option, Choices['others'], RuledOut[], string | null]>([
  ['in a Messaging Service', at('rcs', { service: 'MG1' }), [at('sms')], [], '+15550000001'],
  ['outside of one', at('rcs'), [at('sms')], [], null],
  ['in one that is not set up for it', at('rcs', { service: 'MG1' }), [at('sms')], ['service'], null],
  ['to somebody who wants no texts', at('rcs', { service: 'MG1' }), [at('sms', { shut: 'said STOP' })], [], null],
  ['to a phone that takes no texts', at('rcs', { service: 'MG1' }), [at('sms')], ['sms:+15551230001'], null],
  ['no RCS at all', at('whatsapp', { service: 'MG1', window: open }), [at('sms')], [], null],
])('Twilio may fall back by itself only where we would: %s', (_what, own, others, ruledOut, fallbackSender) => {
  expect(chooseRoute({ own, others, ruledOut, template })).toMatchObject({ to: own.place, fallbackSender });
});

const made = { channel: 'whatsapp', sender: '+15550000009', address: '+15551230001', contentSid: null };
test.each([
  ['free text outside the window', made, 'window', 'text'],
  ['a template', { ...made, contentSid: 'HX1' }, 'template', 'template'],
  ['replies to tap', { ...made, buttons: { as: 'taps' } }, 'template', 'buttons'],
  ['an SMS to somebody who said stop', { ...made, channel: 'sms' }, 'opt_out', 'sms:+15551230001'],
  ['RCS to a phone that has none', { ...made, channel: 'rcs' }, 'fallback', 'rcs:+15551230001'],
  ['a Messaging Service without RCS', { ...made, channel: 'rcs' }, 'service', 'service'],
  ['words that are refused for good', made, 'permanent', null],
  ['an outcome that nobody knows', made, 'ask', null],
] as const)('%s rules out that way and no other', (_what, attempt, failure, ruledOut) => {
  expect(ruledOutBy(attempt, failure)).toBe(ruledOut);
});

test('an attempt is the same way only with the same channel, sender, address and template', () => {
  const route: Route = { to: place('whatsapp', { sender: made.sender }), template: null, until: null, detour: null, fallbackSender: null };
  expect(isSameRoute(made, route)).toBe(true);
  for (const other of [{ channel: 'sms' }, { sender: '+15550000001' }, { address: '+15551230002' }, { contentSid: 'HX1' }, { fallbackSender: '+15550000001' }]) expect(isSameRoute({ ...made, ...other }, route)).toBe(false);
});
