export const transferStates = [
  'requested', 'holding', 'dialing', 'screening', 'merging', 'merged', 'returning', 'returned', 'caller_left',
] as const;
export type TransferState = (typeof transferStates)[number];

/** `called`: the next specialist is being called; `aborted`: one of several is out; `none_left`: all are. */
export type TransferEvent =
  | 'caller_held' | 'called' | 'answered' | 'accepted' | 'aborted' | 'none_left' | 'joined' | 'specialist_left' | 'caller_left' | 'caller_back' | 'timed_out';

/** One specialist in one transfer. `declined` also: they hung up without a word; `voicemail`: somebody or something answered and pressed nothing. */
export const attemptStates = [
  'waiting', 'dialing', 'screening', 'accepted', 'joined', 'left', 'declined', 'no_answer', 'busy', 'voicemail', 'failed', 'cancelled',
] as const;
export type AttemptState = (typeof attemptStates)[number];

export type AttemptEvent = 'called' | 'answered' | 'accepted' | 'joined' | 'declined' | 'silent' | 'unanswered' | 'engaged' | 'unreachable' | 'hung_up' | 'cancelled';

/** `hold`: the caller waits with music; `stay`: the assistant stays with them until somebody accepts. */
export type TransferStyle = 'hold' | 'stay';
export type TransferMode = 'in_order' | 'all_at_once';

/** Why the caller is on the way back: nobody took the call, or who took it has left. */
export type TransferOutcome = 'nobody' | 'left';

export interface Transfer {
  id: string;
  tenantId: string;
  callSid: string;
  conversationSid: string;
  contactId: string;
  /** Why the caller wants a specialist, in the assistant's words. */
  reason: string;
  style: TransferStyle;
  mode: TransferMode;
  ringSeconds: number;
  state: TransferState;
  outcome: TransferOutcome | null;
  /** The caller is in the room of this transfer, or about to be. */
  isHeld: boolean;
  /** Grows with every change of state: an alarm of an older one means nothing. */
  epoch: number;
  /** Until when the caller is believed to be on the way, because somebody has just moved them. */
  movedUntil: Date | null;
  /** The caller has been told how it ended. */
  isTold: boolean;
  holdUntil: Date;
  createdAt: Date;
}

export interface Attempt {
  id: string;
  tenantId: string;
  transferId: string;
  position: number;
  name: string;
  phone: string;
  state: AttemptState;
  callSid: string | null;
  /** Nothing is left to be done about their leg. */
  isOver: boolean;
}

/** What has happened, as a webhook, a job or the clock tells it. */
export type Happening =
  | { what: 'caller_held' | 'go' | 'caller_left' | 'caller_back' | 'timed_out' | 'hold_over' }
  | { what: Exclude<AttemptEvent, 'called' | 'cancelled'>; attemptId: string };

export interface TransferRequest {
  conversationSid: string;
  callSid: string;
  reason: string;
  /** The carrier vouches for the caller's number. */
  isProved: boolean;
}

/** The name of the room in which caller and specialist meet: never used twice, and nobody's name. */
export const roomOf = (transferId: string): string => `transfer-${transferId}`;
