import type { ErrorClass } from '@throughline/twilio/errors.js';
import type { WhatsappWindow } from '../contacts/contacts.types.js';
import { type Channel, channelNames } from '../conversations/conversations.types.js';
import type { Attempt, NoRoute, Place, Route, RuledOut, Template } from './routes.types.js';

/** A place that a message may go to, with what stands in its way. */
export interface Option {
  place: Place;
  /** Null on channels that take free text at any time. */
  window: WhatsappWindow | null;
  /** Why nothing may go there: consent. */
  shut: string | null;
}

/** Where there is nothing to choose it says why, for people to read. */
export interface Missing {
  missing: string;
}

export interface Choices {
  /** As it was addressed. */
  own: Option;
  /** Where it may go instead, the best first. */
  others: readonly (Option | Missing)[];
  template: Template | Missing;
  ruledOut: readonly RuledOut[];
}

type Tried = Pick<Route, 'template' | 'until'> | { why: string };

/** Where somebody was told to say what cannot be said at length. */
const LONGEST_WHY = 500;

export const nameOf = ({ channel, address }: Pick<Place, 'channel' | 'address'>): `${string}:${string}` => `${channel}:${address}`;

const called = (channel: string): string => channelNames[channel as Channel] ?? channel;

/**
 * As it was addressed while that is possible, on WhatsApp in free text while its window is open, else inside the template; else
 * to the next place. Decided anew for every attempt.
 */
export function chooseRoute({ own, others, template, ruledOut }: Choices): Route | NoRoute {
  const reasons: string[] = [];
  for (const option of [own, ...others]) {
    if ('missing' in option) {
      reasons.push(option.missing);
      continue;
    }
    const tried = tryOption(option, template, ruledOut);
    if ('why' in tried) {
      reasons.push(tried.why);
      continue;
    }
    if (tried.template && option.window) reasons.push(closedWords(option.window));
    const isDetour = option !== own || tried.template !== null;
    return {
      ...tried, to: option.place, detour: isDetour ? reasons.join('; ').slice(0, LONGEST_WHY) : null,
      fallbackSender: serviceFallback(option.place, others, ruledOut),
    };
  }
  return { to: null, why: reasons.join('; ').slice(0, LONGEST_WHY), unwanted: own.shut !== null };
}

function tryOption({ place, window, shut }: Option, template: Template | Missing, ruledOut: readonly RuledOut[]): Tried {
  if (ruledOut.includes(nameOf(place))) return { why: `${place.address} could not be reached by ${called(place.channel)}` };
  if (shut !== null) return { why: shut };
  if (!window) return { template: null, until: null };
  if (window.state !== 'closed' && window.closesAt && !ruledOut.includes('text')) return { template: null, until: window.closesAt };
  if (ruledOut.includes('template')) return { why: `${closedWords(window)}; the template was refused` };
  return 'missing' in template ? { why: `${closedWords(window)}; ${template.missing}` } : { template, until: null };
}

/** An RCS sender in a Messaging Service: Twilio itself may send an SMS to a phone that cannot do RCS. */
export const fallsByItself = ({ channel, messagingServiceSid }: Place, ruledOut: readonly RuledOut[]): boolean =>
  channel === 'rcs' && messagingServiceSid !== null && !ruledOut.includes('service');

/** By which sender it may: where we would do the same. */
function serviceFallback(place: Place, others: Choices['others'], ruledOut: readonly RuledOut[]): string | null {
  if (!fallsByItself(place, ruledOut)) return null;
  const sms = others.find((other) => 'place' in other && other.place.channel === 'sms' && other.place.address === place.address);
  if (!sms || 'missing' in sms || sms.shut !== null || ruledOut.includes(nameOf(sms.place))) return null;
  return sms.place.sender;
}

function closedWords({ state, closesAt }: WhatsappWindow): string {
  if (!closesAt) return 'They have never written to this WhatsApp sender, so it takes no free text';
  if (state !== 'closed') return 'WhatsApp refused free text';
  return `WhatsApp takes free text for 24 hours after they wrote, and that was over at ${closesAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Whether an attempt of unknown outcome was made the way in which one would be made now. */
export const isSameRoute = (attempt: Attempt, { to, template, fallbackSender }: Route): boolean =>
  attempt.channel === to.channel && attempt.sender === to.sender && attempt.address === to.address && attempt.contentSid === (template?.contentSid ?? null)
  && (attempt.fallbackSender ?? null) === fallbackSender;

/** What a failure rules out for this delivery, while there may be another way; null when it says nothing of the kind. */
export function ruledOutBy(attempt: Attempt, failure: ErrorClass): RuledOut | null {
  switch (failure) {
    case 'template':
      if (attempt.contentSid) return 'template';
      return attempt.buttons?.as === 'taps' ? 'buttons' : null;
    case 'window':
      return attempt.contentSid ? 'template' : 'text';
    case 'service':
      return 'service';
    case 'opt_out':
    case 'fallback':
      return nameOf(attempt);
    default:
      return null;
  }
}
