import type { Purpose } from '../contacts/contacts.types.js';

export const outboundStates = [
  'waiting', 'placing', 'ringing', 'talking', 'leaving', 'reached', 'message_left', 'machine', 'no_answer', 'busy', 'failed', 'refused', 'expired', 'cancelled',
] as const;
/**
 * `leaving`: a machine has answered, and gets the message; `reached`: somebody was spoken to; `machine`: a machine or a fax answered and was left alone;
 * `refused`: by a rule of ours; `failed`: by Twilio or a carrier; `expired`: it could not be placed in time.
 */
export type OutboundState = (typeof outboundStates)[number];

/** `again`: it is tried once more, later. `said`: Twilio has the message for the machine. */
export type OutboundEvent =
  | 'due' | 'placed' | 'answered' | 'machine' | 'message' | 'said' | 'ended' | 'busy' | 'no_answer' | 'failed' | 'again' | 'refused' | 'expired' | 'cancelled';

/** What becomes of a call that a machine answers. `talk`: nobody looks whether it is one. */
export const machineWishes = ['hang_up', 'leave_message', 'talk'] as const;
export type MachineWish = (typeof machineWishes)[number];

/** A call that we make, from the wish for it to what became of it. All its tries are one call to whoever wants it. */
export interface OutboundCall {
  id: string;
  tenantId: string;
  contactId: string;
  conversationSid: string;
  address: string;
  sender: string;
  /** What it is about. */
  purpose: string;
  /** What the person hears first. */
  opening: string;
  /** What the assistant is to know besides. */
  background: string | null;
  kind: Purpose;
  whenMachine: MachineWish;
  /** What a machine is told. */
  message: string | null;
  requestedBy: 'api' | 'assistant';
  /** When the person asked for it, where they did. */
  askedAt: Date | null;
  /** How often it may be tried again after a busy line or no answer, and after how long. */
  againTimes: number;
  againAfterMinutes: number;
  ringSeconds: number;
  state: OutboundState;
  /** Why it stands there, in words. */
  cause: string | null;
  /** A number of Twilio's, or a SIP code. */
  errorCode: number | null;
  /** Who or what has answered, as Twilio heard it. */
  answeredBy: string | null;
  tries: number;
  /** The present try: what Twilio's addresses name. New for each one. */
  tryId: string | null;
  callSid: string | null;
  /** Nothing is left to be done about the call at Twilio. */
  isOver: boolean;
  /** Not before then; of one that waits. */
  nextAt: Date;
  /** It waits because too many are called at once. */
  waitsForOthers: boolean;
  /** From then on it is not begun any more. */
  latest: Date;
  /** The limit of its state. */
  limitAt: Date;
  createdAt: Date;
  updatedAt: Date;
}

/** Who is to be called: just one of these. */
export interface Whom {
  conversationSid?: string | undefined;
  contactId?: string | undefined;
  address?: string | undefined;
}

export interface CallRequest extends Whom {
  from?: string | undefined;
  purpose: string;
  background?: string | undefined;
  kind: Purpose;
  whenMachine: MachineWish;
  message?: string | undefined;
  earliest?: Date | undefined;
  latest?: Date | undefined;
  again?: { times: number; afterMinutes: number } | undefined;
  requestedBy: OutboundCall['requestedBy'];
  askedAt?: Date | undefined;
  /** The same one twice is one call. */
  key?: string | undefined;
}
