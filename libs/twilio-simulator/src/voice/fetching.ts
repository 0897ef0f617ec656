import type { HookMethod } from '../entities.js';
import type { Answered } from '../post.js';
import type { HookParams } from '../signature.js';
import { withoutFragment } from '../signature.js';
import type { World } from '../world.js';
import type { Leg } from './leg.js';
import { callParams } from './params.js';
import { readDocument, TwimlProblem, type Verb } from '../twiml.js';

/** Where the next document is, and what is told on the way. */
export interface Address {
  url: string;
  method: HookMethod;
  params?: HookParams;
}

export interface TwimlDocument {
  verbs: Verb[];
  /** Relative addresses begin here; null for TwiML that came without an address. */
  base: string | null;
}

const MOST_REDIRECTS = 10;

/** Fetches a document, from the fallback address where the first does not give one. @throws TwimlProblem */
export async function fetchDocument(world: World, leg: Leg, address: Address): Promise<TwimlDocument> {
  try {
    return await follow(world, leg, address);
  } catch (problem) {
    if (!(problem instanceof TwimlProblem)) throw problem;
    if (leg.fallback === null) throw problem;
    leg.note(problem.code, problem.message);
    const told = { ErrorCode: String(problem.code), ErrorUrl: withoutFragment(address.url) };
    return await follow(world, leg, { ...leg.fallback, params: { ...address.params, ...told } });
  }
}

/** Fetches a document and what redirects lead to, and nothing else. @throws TwimlProblem */
export async function follow(world: World, leg: Leg, address: Address): Promise<TwimlDocument> {
  let { url, method } = address;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
    const answered = await ask(world, leg, { ...address, url, method });
    if (answered.status < 300 || answered.status >= 400 || answered.location === null) return read(answered, url);
    url = new URL(answered.location, url).toString();
    if (answered.status <= 303) method = 'GET';
  }
  throw new TwimlProblem(11215, 'Too many redirects');
}

async function ask(world: World, leg: Leg, { url, method, params }: Address): Promise<Answered> {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new TwimlProblem(11100, `Invalid URL: ${url}`);
  const answered = await world.webhooks.exchange({
    accountSid: leg.call.accountSid, event: 'voice', family: 'voice', method, url, chain: null,
    params: { ...callParams(leg.call), ...params },
  });
  if (!answered) throw new TwimlProblem(11205, `No answer from ${withoutFragment(url)}`);
  if (answered.status >= 400) throw new TwimlProblem(11200, `${withoutFragment(url)} answered ${answered.status}`);
  return answered;
}

/** A sound file in the place of a document is played. */
function read(answered: Answered, url: string): TwimlDocument {
  if (/^audio\//i.test(answered.contentType)) {
    return { base: url, verbs: [{ name: 'Play', attributes: {}, children: [], text: withoutFragment(url) }] };
  }
  return { base: url, verbs: readDocument(answered) };
}

/**
 * A webhook of a call of which nobody waits for the answer.
 * @param event call-status, conference, recording, transcription, amd, partial or voice: what faults are matched by
 */
export function tell(world: World, leg: Leg, event: string, { url, method, params }: Address): void {
  world.webhooks.send({
    accountSid: leg.call.accountSid, event, family: 'voice', method, url, chain: `${leg.sid} ${event}`,
    params: { ...callParams(leg.call), ...params },
  });
}

/** @throws TwimlProblem 11100 where there is nothing that a relative address could be relative to */
export function resolve(base: string | null, address: string): string {
  if (!URL.canParse(address, base ?? undefined)) throw new TwimlProblem(11100, `Invalid URL: ${address}`);
  return new URL(address, base ?? undefined).toString();
}

export const methodOf = (verb: Verb, name = 'method'): HookMethod => (verb.attributes[name]?.toUpperCase() === 'GET' ? 'GET' : 'POST');
