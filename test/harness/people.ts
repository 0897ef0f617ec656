import type { Caller } from './caller.js';
import { eventually } from './eventually.js';
import type { House } from './house.js';

type End = 'merged' | 'returned' | 'caller_left';

/** So many take the call whatever chance says: on a slow machine, where it rings for few of their looks, nobody might. */
const WILLING = 2;

const ENDS: ReadonlySet<string> = new Set(['merged', 'returned', 'caller_left']);

/** Specialists and callers who do as they like, and a network that does too. The same seed does the same, as far as the order of things is the same. */
export class PeopleAtRandom {
  private readonly met = new Set<string>();
  /** Callers who have hung up. A call that ended in any other way was not ended by them. */
  readonly gone = new Set<string>();

  constructor(private readonly house: House, private state: number) {}

  /** Everybody does what they like to do now. */
  allAct(callers: readonly Caller[]): void {
    this.spoil();
    for (const call of this.house.twilio.calls()) this.act(call, callers);
  }

  /** Lets everybody act, and time pass, until nobody waits any more. @returns how it ended for each caller */
  async actUntilAllEnd(callers: readonly Caller[]): Promise<Map<string, End>> {
    let waiting: unknown[] = [];
    return eventually(() => `everybody to have somebody; still waiting: ${JSON.stringify(waiting)}`, async () => {
      this.allAct(callers);
      await this.house.pause();
      await this.house.forward('2s');
      const rows = await this.house.database.query<{ callSid: string; state: End }>(`select call_sid as "callSid", state from transfers`);
      const ends = new Map(rows.map(({ callSid, state }) => [callSid, state]));
      // Who hangs up before anybody has heard them asks for nobody.
      for (const { callSid } of callers) if (!ends.has(callSid) && this.house.twilio.callState(callSid).status === 'completed') ends.set(callSid, 'caller_left');
      waiting = callers.filter(({ callSid }) => !ENDS.has(ends.get(callSid) ?? '')).map((caller) => [caller.callSid, ends.get(caller.callSid), caller.words()]);
      return waiting.length === 0 ? ends : undefined;
    }, 240_000);
  }

  /** One of the next webhooks about a transfer is late, comes twice, out of order, or, where Twilio waits for no answer, never. */
  private spoil(): void {
    const match = { url: this.one(['/hold', '/answered', '/pressed', '/status', '/events', '/left']) };
    const kind = this.one(['webhook-late', 'webhook-duplicate', 'webhook-reordered', 'webhook-lost'] as const);
    const isTold = /status|events/.test(match.url);
    if (isTold || kind === 'webhook-late' || kind === 'webhook-duplicate') this.house.twilio.fault({ kind, match, delayMs: 3_000 });
  }

  private act({ callSid, direction, status }: { callSid: string; direction: string; status: string }, callers: readonly Caller[]): void {
    const { twilio } = this.house;
    if (direction === 'inbound') {
      if (status !== 'in-progress' || callers.length === 0 || !this.chance(0.005)) return;
      this.gone.add(callSid);
      return twilio.hangUp(callSid);
    }
    if (status === 'ringing') this.mayAct(0.4, () => twilio.answer(callSid), [() => twilio.decline(callSid), () => twilio.answer(callSid, 'Leave a message.')]);
    if (status !== 'in-progress' || this.met.has(callSid) || !this.hasBeenAsked(callSid)) return;
    const acts = this.mayAct(0.5, () => twilio.press(callSid, '1'), [() => twilio.press(callSid, '2'), () => twilio.hangUp(callSid), () => undefined]);
    if (acts) this.met.add(callSid);
  }

  /** The first do what is hoped of them; of the others it is chance whether they act now, and how. @returns whether they act */
  private mayAct(share: number, hoped: () => unknown, others: (() => unknown)[]): boolean {
    const isWilling = this.met.size < WILLING;
    if (!isWilling && !this.chance(share)) return false;
    this.one(isWilling ? [hoped] : [hoped, hoped, ...others])();
    return true;
  }

  private hasBeenAsked(callSid: string): boolean {
    return this.house.twilio.heard(callSid).some(({ text }) => /Press 1/.test(text));
  }

  private chance(share: number): boolean {
    return this.random() < share;
  }

  private one<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)]!;
  }

  /** mulberry32 */
  private random(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
}
