import { endCall } from './calls.js';
import { connect } from './connect.js';
import { methodOf, resolve } from './fetching.js';
import { dial } from './dial.js';
import { enqueue } from './enqueue.js';
import { gather } from './gather.js';
import { record } from './record.js';
import type { Next, Run, Vocabulary } from './run.js';
import { SOUNDS } from './sounds.js';
import { start, stop } from './starting.js';
import type { Verb } from '../twiml.js';

function redirect(run: Run, verb: Verb): Next {
  return { url: resolve(run.base, verb.text), method: methodOf(verb) };
}

/** Refuses a call that was not picked up; one that was ends. */
function reject(run: Run, verb: Verb): Next {
  const { leg, world } = run;
  if (leg.call.status !== 'ringing') return 'hangup';
  const isBusy = verb.attributes.reason === 'busy';
  leg.hears(isBusy ? 'busy' : 'say', isBusy ? '' : 'The number you have dialed is not in service.');
  endCall(world, leg, isBusy ? 'busy' : 'no-answer', isBusy ? 486 : 603);
  return 'hangup';
}

export const VERBS: Vocabulary = {
  ...SOUNDS,
  Gather: gather,
  Record: record,
  Redirect: redirect,
  Hangup: () => 'hangup',
  Reject: reject,
  Connect: connect,
  Dial: dial,
  Enqueue: enqueue,
  Start: start,
  Stop: stop,
};
