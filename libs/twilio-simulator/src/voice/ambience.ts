import { report } from '../report.js';
import type { World } from '../world.js';
import { follow, methodOf, resolve, type Address } from './fetching.js';
import type { Leg } from './leg.js';
import type { Member, Room, Wish } from './room.js';
import { memberParams, tellRoom } from './room-events.js';
import { runVerbs, type Run, type Vocabulary } from './run.js';
import { SOUNDS } from './sounds.js';
import { TwimlProblem } from '../twiml.js';
import { Stopped, until } from './waiting.js';

/** What may be in a document that people hear while they wait. */
const WAITING: Vocabulary = {
  ...SOUNDS,
  Redirect: (run, verb) => ({ url: verb.text === '' ? run.base! : resolve(run.base, verb.text), method: methodOf(verb) }),
};

const ANNOUNCEMENT = 'announcement';

/** Gives somebody what they are to hear instead of the others: on hold, alone, before it has started. Or takes it away. */
export function refreshAmbience(world: World, room: Room, member: Member): void {
  const isAlone = !room.isStarted || room.members.size < 2;
  const wish = member.hold ? member.holdMusic : isAlone ? member.wait : undefined;
  const name = wish ? `${member.hold ? 'hold' : 'wait'} ${wish.url ?? 'music'}` : '';
  // What is announced is heard to its end, and looks after what comes then itself.
  if (member.ambience.name === name || member.ambience.name === ANNOUNCEMENT) return;
  member.ambience.stop.abort(new Stopped('cut'));
  member.ambience = { name, stop: new AbortController() };
  if (wish) void listen(world, room, member, wish).catch((error: unknown) => error instanceof Stopped || report(error));
}

async function listen(world: World, room: Room, member: Member, wish: Wish): Promise<void> {
  const { signal } = member.ambience.stop;
  if (wish.url === '') return;
  if (wish.url === null) return music(member.leg, signal);
  try {
    await perform({ world, leg: member.leg, signal, base: null, vocabulary: WAITING, isWaiting: true }, { url: wish.url, method: wish.method, params: roomParams(room) });
  } catch (problem) {
    if (!(problem instanceof TwimlProblem)) throw problem;
    member.leg.note(13233, `Invalid wait URL: ${problem.message}`);
  }
}

/** A tune without an end. */
async function music(leg: Leg, signal: AbortSignal): Promise<void> {
  const sound = leg.sounds('music', '');
  await until<void>(signal, () => () => leg.falls(sound));
}

/** Plays a document once, and those that it redirects to; a sound file again and again. */
async function perform(run: Run, first: Address): Promise<void> {
  let next: Address | undefined = first;
  while (next) {
    const address: Address = next;
    const document = await follow(run.world, run.leg, address);
    run.signal.throwIfAborted();
    const isFile = document.verbs.length === 1 && document.verbs[0]?.text === address.url;
    if (isFile && run.isWaiting) document.verbs[0]!.attributes.loop = '0';
    const led = await runVerbs({ ...run, base: document.base }, document.verbs);
    next = typeof led === 'object' ? { ...led, ...(first.params ? { params: first.params } : {}) } : undefined;
  }
}

const roomParams = ({ row }: Room): Record<string, string> => ({ ConferenceSid: row.sid, FriendlyName: row.friendlyName });

/** Says something to one of them, or to all, over whatever they hear; then that goes on. */
export function announceTo(world: World, room: Room, members: Member[], address: Address): void {
  for (const member of members) {
    member.ambience.stop.abort(new Stopped('cut'));
    const mine = { name: ANNOUNCEMENT, stop: new AbortController() };
    member.ambience = mine;
    const run = { world, leg: member.leg, signal: mine.stop.signal, base: null, vocabulary: WAITING };
    void perform(run, { ...address, params: roomParams(room) }).then(
      () => tellRoom(world, room, 'announcement-end', { ...memberParams(member), AnnounceUrl: address.url }),
      (problem: unknown) => {
        if (problem instanceof Stopped) return;
        const reason = problem instanceof Error ? problem.message : String(problem);
        tellRoom(world, room, 'announcement-fail', { ...memberParams(member), AnnounceUrl: address.url, ReasonAnnouncementFailed: reason });
      },
    ).finally(() => {
      mine.name = '';
      if (member.ambience === mine && room.members.has(member.leg.sid)) refreshAmbience(world, room, member);
    });
  }
}
