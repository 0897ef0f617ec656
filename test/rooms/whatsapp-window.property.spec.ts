import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WHATSAPP_TAKES_MS, windowAt } from '../../src/contacts/window.policy.js';
import { mayStillLeave } from '../../src/delivery/retry.policy.js';
import { chooseRoute, isSameRoute, ruledOutBy } from '../../src/routes/route.policy.js';
import type { Attempt as Made, Place, RuledOut } from '../../src/routes/routes.types.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const at = (channel: string): Place => ({ channel, sender: '+15550000001', address: '+15551230001', messagingServiceSid: null, messagesPerSecond: null });
type RouteName = 'text' | 'template' | 'sms';
const TEMPLATE = { contentSid: 'HX1', variables: { 1: 'Hello' } };

/** One attempt: how long each step takes, and what comes of it. Times in milliseconds. */
interface Attempt {
  /** The process stands still, or the clock is moved, between the claim and the look. */
  pause: number;
  look: number;
  call: number;
  /** From Twilio's taking it to WhatsApp's judging it. */
  queue: number;
  outcome: 'ok' | '429' | 'hangs before' | 'hangs after' | 'refused';
  wait: number;
}

interface Timeline {
  /** When the person wrote, and how late we heard of it. */
  wrote: { at: number; late: number }[];
  saidAt: number;
  skew: number;
  hasTemplate: boolean;
  hasSms: boolean;
  attempts: Attempt[];
}

const ms = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });
const attempts = fc.array(fc.record({
  pause: fc.oneof(ms(2 * SECOND), ms(5 * MINUTE), ms(30 * HOUR)), look: ms(15 * SECOND), call: ms(15 * SECOND), queue: ms(MINUTE),
  outcome: fc.constantFrom<Attempt['outcome']>('ok', '429', '429', 'hangs before', 'hangs after', 'refused'), wait: fc.oneof(ms(MINUTE), ms(5 * MINUTE), ms(3 * HOUR)),
}), { minLength: 1, maxLength: 8 });
/** Half of all replies are said in the last minutes before the window closes, where it matters. */
const saidAfter = fc.oneof(ms(60 * HOUR), fc.integer({ min: WHATSAPP_TAKES_MS - 10 * MINUTE, max: WHATSAPP_TAKES_MS + MINUTE }));
const timelines: fc.Arbitrary<Timeline> = fc.record({
  wrote: fc.array(fc.record({ at: ms(90 * HOUR), late: ms(75 * SECOND) }), { maxLength: 3 }), saidAt: saidAfter, skew: fc.integer({ min: -30 * SECOND, max: 30 * SECOND }),
  hasTemplate: fc.boolean(), hasSms: fc.boolean(), attempts,
}).map((line) => ({ ...line, wrote: [{ at: 0, late: line.wrote[0]?.late ?? 0 }, ...line.wrote] }));

interface Seen {
  /** Free text that WhatsApp judged when the person had last written longer ago than it takes. */
  tooLate: number[];
  sent: RouteName[];
  /** How often the person got it. */
  arrived: number;
}

/** The claim's way through a timeline: decide, look, look at the clock, send. Times are Twilio's; ours differ by the skew. */
function live({ wrote, saidAt, skew, hasTemplate, hasSms, attempts: all }: Timeline): Seen {
  const seen: Seen = { tooLate: [], sent: [], arrived: 0 };
  const ruledOut: RuledOut[] = [];
  let now = saidAt;
  let uncertain: (Made & { arrived: boolean }) | null = null;
  const heard = (): Date | null => {
    const known = wrote.filter((each) => each.at + each.late <= now).map((each) => each.at + each.late + skew);
    return known.length === 0 ? null : new Date(Math.max(...known));
  };
  for (const { pause, look, call, queue, outcome, wait } of all) {
    const route = chooseRoute({
      own: { place: at('whatsapp'), window: windowAt(heard(), new Date(now + skew)), shut: null }, ruledOut, template: hasTemplate ? TEMPLATE : { missing: 'none' },
      others: [hasSms ? { place: at('sms'), window: null, shut: null } : { missing: 'none' }],
    });
    if (!route.to && !uncertain) return seen;
    const until = uncertain && !(route.to && isSameRoute(uncertain, route)) ? new Date(now + skew) : route.to && route.until;
    now += pause;
    if (uncertain) {
      now += look;
      if (uncertain.arrived) return seen;
      uncertain = null;
    }
    if (!route.to || !mayStillLeave(until, new Date(now + skew))) continue;
    const by: RouteName = route.to.channel === 'sms' ? 'sms' : route.template ? 'template' : 'text';
    seen.sent.push(by);
    const asked = now;
    now += call;
    const judged = now + queue;
    const last = Math.max(...wrote.map((each) => each.at).filter((wroteAt) => wroteAt <= judged));
    if (by === 'text' && judged - last > WHATSAPP_TAKES_MS) seen.tooLate.push(asked);
    const way: Made = { ...route.to, contentSid: route.template?.contentSid ?? null };
    if (outcome === 'ok' || outcome === 'hangs after') seen.arrived += 1;
    if (outcome === 'ok') return seen;
    const out = outcome === 'refused' ? ruledOutBy(way, way.contentSid ? 'template' : 'fallback') : null;
    if (outcome === 'refused' && !out) return seen;
    if (out) ruledOut.push(out);
    if (outcome.startsWith('hangs')) uncertain = { ...way, arrived: outcome === 'hangs after' };
    now += wait;
  }
  return seen;
}

test('in 10,000 random timelines no free text reaches WhatsApp after its 24 hours, and nothing arrives twice', () => {
  const counted: Record<RouteName, number> = { text: 0, template: 0, sms: 0 };
  fc.assert(fc.property(timelines, (timeline) => {
    const { tooLate, sent, arrived } = live(timeline);
    for (const way of sent) counted[way] += 1;
    expect([tooLate, arrived <= 1]).toEqual([[], true]);
  }), { numRuns: 10_000 });
  // All three ways were really taken: the timelines are not all on one side of the closing time.
  expect(Object.values(counted).every((times) => times > 500)).toBe(true);
});
