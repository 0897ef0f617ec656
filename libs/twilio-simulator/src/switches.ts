/**
 * Where Twilio's behaviour is uncertain, or documentation and live tests disagree, both ways can be had.
 * The defaults are what live tests saw, else the documentation, else the stricter reading.
 */
export interface Switches {
  /** Milliseconds of the clock between two statuses of a message. */
  stepMs: number;
  /** The number's own webhook fires too when an inbound message belongs to a conversation (live: yes; docs: no). */
  classicDuplicate: boolean;
  /** The same when the message has just created its conversation (live: yes; docs: no). */
  autocreateAlsoClassic: boolean;
  /** An inactive conversation keeps its (address, proxy address) pair. */
  inactiveOccupiesPair: boolean;
  /** Pre-action hooks fire for REST calls that ask for webhooks. */
  preHooksOnRest: boolean;
  /** Retries of a Conversations post hook on time-out, 429, 503 or 504 (live: 0; the old Chat setting allows 3). */
  hookRetries: number;
  /** The account's hook fires also where the service has its own (live: the service's alone). */
  bothHookScopes: boolean;
  /** HTTP status that comes with 50377 when a closed conversation is written to: 400 or 409. */
  closedStatus: number;
  /** Code of the 404 for an unknown conversation: 20404 or 50350. */
  unknownConversationCode: number;
  /** Mutations a second for one conversation, or creations and deletions for one service; 30 at Twilio, 0 = no limit. */
  apsLimit: number;
  /** Keywords are reported as OptOutType, as with Advanced Opt-Out on the Messaging Service. */
  advancedOptOut: boolean;
  /** How many numbers the message index skips each time. */
  indexGap: number;
  /** What a hook configured without filters hears: none or all. */
  defaultFilters: 'none' | 'all';
  /** Timers on create are refused without a State (50382). */
  timersNeedState: boolean;
  /** What restarts a conversation's timers: messages, or any change. */
  timersResetOn: 'message' | 'any';
  /** Longest Body of a conversation message by REST (OpenAPI: 1600; limits page: 32 KB for chat). */
  conversationBodyLimit: number;
  /** `Source` of an inbound WhatsApp message's hooks. */
  whatsappSource: string;
  /** Free-form WhatsApp later than 24 h after the customer's last message fails with 63016. */
  whatsappWindow: boolean;
  /** A message appears in lists only this much later (read-after-write delay; unknown at Twilio). */
  listDelayMs: number;
  /** Milliseconds until a messaging or status webhook is given up. */
  messagingTimeoutMs: number;
  /** Milliseconds until a Conversations webhook is given up. */
  conversationsTimeoutMs: number;
  /** Milliseconds until a webhook of a call is given up. */
  voiceTimeoutMs: number;
  /** Milliseconds of the clock that a character takes to be said to a caller; about 60 in truth. */
  speechMsPerChar: number;
  /** Milliseconds of the clock that a file takes to be played once. */
  playMs: number;
  /** How the first setup of an inbound call spells its status (documentation: RINGING; elsewhere IN-PROGRESS, IN_PROGRESS). */
  relayCallStatus: string;
  /** durationUntilInterruptMs comes as text. */
  relayInterruptMsAsText: boolean;
  /** utteranceUntilInterrupt is empty. */
  relayEmptyUtterance: boolean;
  /** `end` waits until what was said has been spoken. */
  relayEndWaits: boolean;
  /** What a call becomes that is declined: busy, no-answer or failed. */
  declinedStatus: 'busy' | 'no-answer' | 'failed';
  /** Milliseconds that a phone rings longer than Timeout says (OpenAPI: about five seconds). */
  ringExtraMs: number;
  /** Milliseconds until a detector knows whether a machine has answered; about 4,000 in truth. */
  amdMs: number;
  /** Calls a second that are dialled; 1 at Twilio, 0 = no limit. */
  callsPerSecond: number;
  /** Milliseconds until a recording can be fetched. */
  recordingDelayMs: number;
  /** What becomes of a call that is ended by Status=completed while it rings: canceled or completed. */
  completedWhileRinging: 'canceled' | 'completed';
}

type SwitchName = keyof Switches;

const DEFAULTS: Switches = {
  stepMs: 300,
  classicDuplicate: true,
  autocreateAlsoClassic: true,
  inactiveOccupiesPair: true,
  preHooksOnRest: true,
  hookRetries: 0,
  bothHookScopes: false,
  closedStatus: 400,
  unknownConversationCode: 20404,
  apsLimit: 0,
  advancedOptOut: false,
  indexGap: 0,
  defaultFilters: 'none',
  timersNeedState: true,
  timersResetOn: 'message',
  conversationBodyLimit: 1_600,
  whatsappSource: 'WHATSAPP',
  whatsappWindow: true,
  listDelayMs: 0,
  messagingTimeoutMs: 15_000,
  conversationsTimeoutMs: 5_000,
  voiceTimeoutMs: 15_000,
  speechMsPerChar: 2,
  playMs: 1_000,
  relayCallStatus: 'RINGING',
  relayInterruptMsAsText: false,
  relayEmptyUtterance: false,
  relayEndWaits: false,
  declinedStatus: 'busy',
  ringExtraMs: 5_000,
  amdMs: 200,
  callsPerSecond: 0,
  recordingDelayMs: 0,
  completedWhileRinging: 'canceled',
};

const CHOICES: Partial<Record<SwitchName, readonly unknown[]>> = {
  closedStatus: [400, 409],
  unknownConversationCode: [20404, 50350],
  hookRetries: [0, 1, 2, 3],
  defaultFilters: ['none', 'all'],
  timersResetOn: ['message', 'any'],
  declinedStatus: ['busy', 'no-answer', 'failed'],
  completedWhileRinging: ['canceled', 'completed'],
};

export class SwitchBoard {
  readonly values: Switches;

  constructor(private readonly initial: Partial<Switches> = {}) {
    this.values = { ...DEFAULTS };
    this.set(initial);
  }

  set(changes: Record<string, unknown>): Switches {
    for (const [name, value] of Object.entries(changes)) this.check(name, value);
    Object.assign(this.values, changes);
    return { ...this.values };
  }

  reset(): void {
    Object.assign(this.values, DEFAULTS, this.initial);
  }

  private check(name: string, value: unknown): void {
    if (!(name in DEFAULTS)) {
      throw new RangeError(`There is no switch "${name}". Switches: ${Object.keys(DEFAULTS).join(', ')}`);
    }
    const wanted = typeof DEFAULTS[name as SwitchName];
    if (typeof value !== wanted) throw new RangeError(`Switch ${name} takes a ${wanted}, not ${JSON.stringify(value)}`);
    if (typeof value === 'number' && !(value >= 0)) throw new RangeError(`Switch ${name} takes a number >= 0`);
    const choices = CHOICES[name as SwitchName];
    if (choices && !choices.includes(value)) throw new RangeError(`Switch ${name} takes one of ${choices.join(', ')}`);
  }
}
