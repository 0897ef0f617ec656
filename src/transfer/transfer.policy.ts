import { attemptMachine, transferMachine } from './transfer.machine.js';
import type { Attempt, AttemptEvent, AttemptState, Happening, Transfer, TransferEvent, TransferOutcome } from './transfer.types.js';

/** What a decision is made of, and what comes of it. */
export interface Sight {
  transfer: Pick<Transfer, 'state' | 'style' | 'mode' | 'isHeld' | 'outcome'>;
  /** In the order of the list. */
  attempts: readonly Pick<Attempt, 'id' | 'state'>[];
}

const CALLED: ReadonlySet<AttemptState> = new Set(['dialing', 'screening']);
const TAKEN: ReadonlySet<AttemptState> = new Set(['accepted', 'joined']);
const SEEKING: ReadonlySet<string> = new Set(['requested', 'holding', 'dialing', 'screening']);

/** How it stands after this has happened. What means nothing now changes nothing: late, repeated and unordered words are normal life. */
export function after(sight: Sight, happening: Happening): Sight {
  const draft = new Draft(sight);
  draft.take(happening);
  return { transfer: draft.transfer, attempts: draft.attempts };
}

class Draft {
  readonly transfer: Sight['transfer'];
  readonly attempts: Pick<Attempt, 'id' | 'state'>[];

  constructor(sight: Sight) {
    this.transfer = { ...sight.transfer };
    this.attempts = sight.attempts.map((attempt) => ({ ...attempt }));
  }

  take(happening: Happening): void {
    if (transferMachine.isFinal(this.transfer.state)) return;
    switch (happening.what) {
      case 'caller_held':
        return this.held();
      case 'go':
        return this.go();
      case 'caller_left':
        return this.callerLeft();
      case 'caller_back':
        return this.step('caller_back');
      case 'hold_over':
        return SEEKING.has(this.transfer.state) ? this.end('nobody') : undefined;
      case 'timed_out':
        return this.timedOut();
      default:
        return this.told(happening.attemptId, happening.what);
    }
  }

  private held(): void {
    if (this.transfer.state === 'returning') return;
    this.transfer.isHeld = true;
    if (this.transfer.state === 'requested') this.step('caller_held');
    this.meet();
  }

  private go(): void {
    const { state, style } = this.transfer;
    if (state === 'holding' || (state === 'requested' && style === 'stay')) this.callNext();
  }

  private callerLeft(): void {
    this.cancel(() => true);
    this.step('caller_left');
  }

  private timedOut(): void {
    switch (this.transfer.state) {
      case 'requested':
      case 'holding':
        return this.end('nobody');
      case 'dialing':
      case 'screening':
        this.each(CALLED, (state) => (state === 'dialing' ? 'unanswered' : 'silent'));
        return this.goOn();
      case 'merging':
      case 'merged':
        this.each(TAKEN, () => 'hung_up');
        return this.goOn();
    }
  }

  private told(id: string, event: AttemptEvent): void {
    const attempt = this.attempts.find((each) => each.id === id);
    if (!attempt || !this.move(attempt, event)) return;
    if (event === 'answered') return this.step('answered');
    if (event === 'accepted') {
      this.cancel((state) => CALLED.has(state));
      return this.step('accepted');
    }
    if (event === 'joined') return this.meet();
    this.goOn();
  }

  /** Both are in the room. */
  private meet(): void {
    if (this.transfer.isHeld && this.attempts.some(({ state }) => state === 'joined')) this.step('joined');
  }

  /** Somebody is out: the others, the next one, or the way back. */
  private goOn(): void {
    const { state } = this.transfer;
    if (this.has(TAKEN) || this.transfer.state === 'returning') return;
    if (state === 'merged') return this.end('left', 'specialist_left');
    if (this.attempts.some((attempt) => attempt.state === 'screening')) return;
    if (this.has(CALLED)) return state === 'screening' ? this.step('aborted') : undefined;
    this.callNext();
  }

  private callNext(): void {
    const waiting = this.attempts.filter(({ state }) => state === 'waiting');
    const next = this.transfer.mode === 'all_at_once' ? waiting : waiting.slice(0, 1);
    if (next.length === 0) return this.end('nobody');
    for (const attempt of next) this.move(attempt, 'called');
    this.step('called');
  }

  /** Who was not moved is with the assistant already. */
  private end(outcome: TransferOutcome, event: TransferEvent = 'none_left'): void {
    this.cancel(() => true);
    this.transfer.outcome = outcome;
    this.step(event);
    if (!this.transfer.isHeld && this.transfer.style === 'stay') this.step('caller_back');
  }

  private each(states: ReadonlySet<AttemptState>, eventOf: (state: AttemptState) => AttemptEvent): void {
    for (const attempt of this.attempts) if (states.has(attempt.state)) this.move(attempt, eventOf(attempt.state));
  }

  private cancel(which: (state: AttemptState) => boolean): void {
    for (const attempt of this.attempts) if (which(attempt.state)) this.move(attempt, 'cancelled');
  }

  private has(states: ReadonlySet<AttemptState>): boolean {
    return this.attempts.some(({ state }) => states.has(state));
  }

  private move(attempt: Pick<Attempt, 'id' | 'state'>, event: AttemptEvent): boolean {
    const step = attemptMachine.next(attempt.state, event);
    if (step) attempt.state = step.to;
    return step !== undefined;
  }

  private step(event: TransferEvent): void {
    const step = transferMachine.next(this.transfer.state, event);
    if (step) this.transfer.state = step.to;
  }
}

/** What is to be done at Twilio, so that it becomes what the rows say. Done twice it does no harm. */
export type Duty = { kind: 'go' | 'hold' | 'bring_back' } | { kind: 'place' | 'seek' | 'end' | 'dismiss'; attempt: Attempt };

/** A caller who has not come into the room by themselves is fetched after so long, in milliseconds. */
export const FETCH_AFTER_MS = 12_000;

export function duties(transfer: Transfer, attempts: readonly Attempt[], now: Date): Duty[] {
  const { state, style, isHeld } = transfer;
  const isLate = now.getTime() >= transfer.createdAt.getTime() + FETCH_AFTER_MS;
  const mayGo = state === 'holding' || (state === 'requested' && style === 'stay');
  const isWanted = (state === 'requested' && style === 'hold' && isLate) || (state === 'merging' && !isHeld);
  return [
    ...(isWanted ? [{ kind: 'hold' as const }] : []),
    ...(mayGo ? [{ kind: 'go' as const }] : []),
    ...(state === 'returning' ? [{ kind: 'bring_back' as const }] : []),
    ...attempts.flatMap((attempt) => dutyOf(state, attempt) ?? []),
  ];
}

function dutyOf(state: Transfer['state'], attempt: Attempt): Duty | null {
  if (attempt.state === 'dialing' && !attempt.callSid) return { kind: 'place', attempt };
  if (attempt.isOver) return null;
  // Whoever placed it has died before they could say so: their phone may ring for nothing.
  if (!attempt.callSid) return attemptMachine.isFinal(attempt.state) ? { kind: 'seek', attempt } : null;
  if (attempt.state === 'no_answer' || attempt.state === 'left' || attempt.state === 'failed') return { kind: 'end', attempt };
  return attempt.state === 'cancelled' ? { kind: state === 'caller_left' ? 'end' : 'dismiss', attempt } : null;
}

const SECOND_MS = 1_000;
/** A specialist's phone rings longer than it was asked to: Twilio adds up to five seconds (twilio.com/docs/voice/api/call-resource). */
const RING_EXTRA_MS = 15_000;
/** After so long Twilio is asked whether whoever has picked up still listens. */
export const LISTEN_MS = 15_000;

/** How long each state may last, in milliseconds. */
export function limitOf({ state, ringSeconds }: Pick<Transfer, 'state' | 'ringSeconds'>): number {
  switch (state) {
    case 'requested':
      return 30_000;
    case 'dialing':
      return ringSeconds * SECOND_MS + RING_EXTRA_MS;
    case 'screening':
      return LISTEN_MS;
    case 'merging':
      return 20_000;
    case 'merged':
      return 60_000;
    default:
      return 15_000;
  }
}

/** States in which the caller waits, for as long as the tenant lets them. */
export const isSeeking = (state: string): boolean => SEEKING.has(state);
