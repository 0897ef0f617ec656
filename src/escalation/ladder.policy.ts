import type { AlertChannel, Step } from '../policies/policies.types.js';
import { type Attempt, type AttemptEvent, type Incident, isOpen, type Says } from './escalation.types.js';
import { attemptMachine, incidentMachine } from './incident.machine.js';

/** What a decision is made of, and what comes of it. */
export interface Sight {
  incident: Pick<Incident, 'state' | 'round' | 'step'>;
  attempts: readonly Pick<Attempt, 'id' | 'state' | 'says' | 'channel' | 'round' | 'step'>[];
}

/** What has happened, as a webhook, a job or a person tells it. */
export type Happening =
  | { what: 'acknowledged'; attemptId: string | null }
  | { what: 'called_off' | 'ended' }
  | { what: Exclude<AttemptEvent, 'acknowledged' | 'cancelled'>; attemptId: string };

type Drafted = Pick<Attempt, 'id' | 'state' | 'says' | 'channel' | 'round' | 'step'>;

/** How it stands after this has happened. What means nothing now changes nothing: late, repeated and unordered words are normal life. */
export function after(sight: Sight, happening: Happening): Sight {
  const incident = { ...sight.incident };
  const attempts = sight.attempts.map((attempt) => ({ ...attempt }));
  const step = (event: Parameters<typeof incidentMachine.next>[1]): boolean => {
    const next = incidentMachine.next(incident.state, event);
    if (next) incident.state = next.to;
    return next !== undefined;
  };
  switch (happening.what) {
    case 'acknowledged':
      if (!step('acknowledged')) return sight;
      for (const attempt of attempts.filter(({ says }) => says === 'alert')) {
        if (attempt.id !== happening.attemptId || !move(attempt, 'acknowledged')) move(attempt, 'cancelled');
      }
      break;
    case 'called_off':
      if (!step('cancelled')) return sight;
      for (const attempt of attempts) if (attempt.says === 'alert') move(attempt, 'cancelled');
      break;
    case 'ended':
      step('ended');
      break;
    default: {
      const attempt = attempts.find(({ id }) => id === happening.attemptId);
      if (!attempt || !move(attempt, happening.what)) return sight;
      if (incident.state === 'notifying' && attempts.every((each) => each.state !== 'pending' || !isOfRung(incident, each))) step('dispatched');
    }
  }
  return { incident, attempts };
}

function move(attempt: Drafted, event: AttemptEvent): boolean {
  const next = attemptMachine.next(attempt.state, event);
  if (next) attempt.state = next.to;
  return next !== undefined;
}

const isOfRung = ({ round, step }: Sight['incident'], attempt: Drafted): boolean => attempt.says === 'alert' && attempt.round === round && attempt.step === step;

/** Nobody of this step can be reached at all: there is nothing to wait for. */
export function isLost({ incident, attempts }: Sight): boolean {
  const own = attempts.filter((attempt) => isOfRung(incident, attempt));
  return isOpen(incident.state) && own.length > 0 && own.every(({ state }) => state === 'failed');
}

/** The step after this one, in this round or the next; null when all of them have been gone through. */
export function nextRung({ state, round, step, steps, rounds }: Pick<Incident, 'state' | 'round' | 'step' | 'steps' | 'rounds'>): { round: number; step: number } | null {
  if (state === 'armed') return steps.length > 0 ? { round: 0, step: 0 } : null;
  if (step + 1 < steps.length) return { round, step: step + 1 };
  return round + 1 < rounds ? { round: round + 1, step: 0 } : null;
}

/** Somebody, and the verified ways to reach them, in their order. */
export interface Person {
  id: string;
  name: string;
  methods: readonly { id: string; channel: string; address: string }[];
  isDoNotDisturb: boolean;
  /** In which they are on call, of those that were asked. */
  scheduleIds?: string[];
}

/** From this urgency on, people are disturbed whenever it is. */
const URGENT = 4;

/** A report makes an emergency of it: who was left in peace is told now. */
export const wakesMore = (before: number, now: number): boolean => before < URGENT && now >= URGENT;

export type Alert = Pick<Attempt, 'key' | 'says' | 'round' | 'step' | 'staffId' | 'name' | 'channel' | 'address'> & Partial<Pick<Attempt, 'scheduleIds'>>;

const alertBy = (rung: { round: number; step: number }, { id, name, scheduleIds = [] }: Person, method: Person['methods'][number]): Alert => ({
  ...rung, key: `${rung.round}/${rung.step}/${method.id}`, says: 'alert', scheduleIds, staffId: id, name, channel: method.channel as AlertChannel, address: method.address,
});

/** A mail wakes nobody: it is no way of its own as long as there is another. */
const wakingFirst = (methods: Person['methods']): Person['methods'] => methods.toSorted((one, other) => Number(one.channel === 'email') - Number(other.channel === 'email'));

/** Who of a step is told by what: each by the first of their ways on each of its channels, or where there is none, by the first way there is. */
export function alertsFor(step: Step, rung: { round: number; step: number }, people: readonly Person[], urgency: number): Alert[] {
  const reached = people.filter((person) => urgency >= URGENT || !person.isDoNotDisturb);
  return reached.flatMap((person) => {
    const chosen = step.channels.flatMap((channel) => person.methods.find((method) => method.channel === channel) ?? []);
    return (chosen.length > 0 ? chosen : wakingFirst(person.methods).slice(0, 1)).map((method) => alertBy(rung, person, method));
  });
}

/** By what somebody is told instead of an attempt that will never reach them: another way of the same channel, or any that is not in use. */
export function insteadOf(failed: Pick<Attempt, 'round' | 'step' | 'channel'>, person: Person, taken: ReadonlySet<string>): Alert | null {
  const rung = { round: failed.round, step: failed.step };
  const free = wakingFirst(person.methods).map((method) => alertBy(rung, person, method)).filter(({ key }) => !taken.has(key));
  return free.find(({ channel }) => channel === failed.channel) ?? free[0] ?? null;
}

/** On the same phone a text is as good as WhatsApp. */
const WRITTEN: readonly AlertChannel[] = ['email', 'whatsapp', 'sms'];

/** Who is told that somebody has it: everybody to whom a text or a mail about it has gone, once at each number and address, but not the one who has it. */
export function toBeTold(attempts: readonly Pick<Attempt, 'says' | 'channel' | 'state' | 'staffId' | 'name' | 'address' | 'round' | 'step'>[], taker: string | null): Alert[] {
  const told = attempts.filter(({ says, channel, state, staffId }) =>
    says === 'alert' && channel !== 'voice' && (state === 'sent' || state === 'delivered') && (staffId === null || staffId !== taker));
  const places = new Map(told.toSorted((one, other) => WRITTEN.indexOf(one.channel) - WRITTEN.indexOf(other.channel)).map((attempt) => [attempt.address, attempt]));
  return [...places.values()].map(({ round, step, staffId, name, channel, address }) => ({ key: `told/${address}`, says: 'told' as Says, round, step, staffId, name, channel, address }));
}

/** The code that a text begins with: "4821", "4821 I am on my way". One in the middle of a sentence may mean anything, in every writing there is. */
export const codeIn = (body: string): string | null => /^[^\p{L}\p{N}]*(\d{4})(?!\d)/u.exec(body)?.[1] ?? null;

/** The code behind the word by which somebody asks to be connected, in any of the house's languages: "CALL 4821". */
export const callWishedIn = (body: string): string | null => /^[^\p{L}\p{N}]*(?:call|anruf|llamar|appel)[^\p{L}\p{N}]+(\d{4})(?!\d)/iu.exec(body)?.[1] ?? null;

/** A number that somebody can be called back at; null for an address of another kind. */
export const phoneIn = (address: string | null | undefined): string | null => (address && /^\+[1-9]\d{6,14}$/.test(address) ? address : null);
