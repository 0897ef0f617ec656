import { dial } from '../voice/answering.js';
import { newLeg } from '../voice/calls.js';
import { begin } from '../voice/run.js';
import { VERBS } from '../voice/verbs.js';
import type { World } from '../world.js';

/** An account of Twilio's own: its calls are in no list of the customer's. */
const ACCOUNT = `AC${'0'.repeat(32)}`;
const RING_MS = 30_000;
const XML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Calls a phone and says a code twice, digit by digit, to whoever answers: somebody's voicemail as well. */
export function sayCode(world: World, { from, to, name, code }: { from: string; to: string; name: string; code: string }): void {
  const leg = newLeg(world, { accountSid: ACCOUNT, from, to, direction: 'outbound-api', status: 'queued' });
  const words = `Your ${name.replace(/[&<>]/g, (sign) => XML[sign]!)} verification code is: ${[...code].join('. ')}.`;
  dial(world, leg, RING_MS, () => begin(world, leg, { twiml: `<Response><Say>${words}</Say><Say>${words}</Say></Response>` }, VERBS));
}
