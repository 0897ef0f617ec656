export const callbackStates = ['calling', 'asking', 'reaching', 'joining', 'connected', 'over', 'unanswered', 'taker_gone'] as const;
/**
 * `calling`: the phone of the one who has the incident rings; `asking`: it was picked up, the key is awaited; `reaching`: they wait while the person is called, or fetched
 * from where their call with us is; `joining`: the person is on the way in; `unanswered`: nobody came; `taker_gone`: nobody was left to speak with.
 */
export type CallbackState = (typeof callbackStates)[number];

/** `taker_lost`: their call is over, and it was not they who ended it; `gave_up`: they have pressed the star. */
export type CallbackEvent =
  | 'taker_answered' | 'taker_ready' | 'taker_left' | 'taker_lost' | 'taker_silent' | 'person_answered' | 'person_unreached' | 'person_left' | 'met' | 'gave_up';

/** Who has an incident, and the one whom it is about, on their way to each other. */
export interface Callback {
  id: string;
  tenantId: string;
  incidentId: string;
  conversationSid: string | null;
  contactId: string | null;
  /** Who has the incident, by name. */
  taker: string;
  /** Theirs: the person never sees it. Null where none is known, for they were on the phone already. */
  takerPhone: string | null;
  /** How often we have called them. */
  takerCalls: number;
  takerCallSid: string | null;
  /** Calls of theirs that were lost, each with another one in its place. */
  lostCallSids: string[];
  /** The digit that whoever picks up has to press: voicemail speaks with nobody. */
  pressKey: string;
  /** Where the person is called back. */
  phone: string;
  /** Our number, which both of them see. */
  sender: string;
  personCallSid: string | null;
  /** false: the person is on the phone with us, and is fetched from there. */
  isCalledBack: boolean;
  /** Machine detection has heard voicemail or a fax, and whether the taker has been told so. */
  isMachine: boolean;
  isMachineTold: boolean;
  state: CallbackState;
  cause: string | null;
  /** Grows with every change: an alarm of an older one means nothing. */
  epoch: number;
  /** Nothing is left to be done at Twilio about the call of the one, and of the other: nor is there about somebody who was not fetched yet. */
  isTakerOver: boolean;
  isPersonOver: boolean;
  createdAt: Date;
  changedAt: Date;
  metAt: Date | null;
}

/** Whoever has the incident wants to speak with the person. */
export interface Wish {
  incidentId: string;
  /** The attempt by which they took it, or were told of it; null for somebody whom only a program knows. */
  attemptId: string | null;
  /** The call that they are in already, where they are in one. */
  callSid: string | null;
  /** Where they are called, where that is not known of them. */
  phone: string | null;
  /** The same one twice is one wish. */
  key: string;
}

/** The name of the room in which the two meet. */
export const roomOf = (callbackId: string): string => `callback-${callbackId}`;
