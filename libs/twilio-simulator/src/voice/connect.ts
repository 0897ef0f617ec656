import { methodOf, resolve, tell } from './fetching.js';
import { RelaySession, type RelayOutcome } from './relay.js';
import { relaySettings } from './relay-settings.js';
import type { Next, Run } from './run.js';
import { stream } from './stream.js';
import { TwimlProblem, type Verb } from '../twiml.js';
import { Stopped } from './waiting.js';

/** `<Connect>`: the call belongs to what is connected until that ends; then the action decides, and without one the call is over. */
export async function connect(run: Run, verb: Verb): Promise<Next> {
  const [noun] = verb.children;
  // Behind a stream the next verb follows; its action is not known to be asked for.
  if (noun?.name === 'Stream') return stream(run, noun);
  if (noun?.name !== 'ConversationRelay') throw new TwimlProblem(12200, 'Schema validation warning: Connect has no noun that is known here');
  const url = verb.attributes.action === undefined ? undefined : resolve(run.base, verb.attributes.action);
  const address = (outcome: RelayOutcome): Next => (url === undefined ? 'hangup' : { url, method: methodOf(verb), params: { ...outcome } });
  const settings = relaySettings(noun);
  if (typeof settings === 'string') {
    run.leg.note(64101, settings);
    return address({ SessionId: '', SessionDuration: '0', SessionStatus: 'failed', ErrorCode: '64101', ErrorMessage: settings });
  }
  const session = new RelaySession(run, settings);
  try {
    const outcome = await session.runs();
    if (outcome.ErrorCode) run.leg.note(Number(outcome.ErrorCode), outcome.ErrorMessage ?? '');
    return address(outcome);
  } catch (stopped) {
    const last = address(session.outcome({ SessionStatus: 'completed' }));
    // After a redirect the action is not asked for: its document was replaced.
    if (stopped instanceof Stopped && stopped.why === 'hung-up' && typeof last === 'object') tell(run.world, run.leg, 'voice', last);
    throw stopped;
  }
}
