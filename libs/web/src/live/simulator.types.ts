/** What the simulator's control API answers, as far as the page shows it. */
export interface PhoneMessage {
  sid: string;
  /** As the phone sees it: `sent` by its owner, `received` from us. */
  direction: 'sent' | 'received';
  peer: string;
  body: string;
  media: (string | { url: string; contentType?: string })[];
  /** What can be tapped below it. */
  buttons?: { text: string; payload: string }[];
  status: string;
  errorCode: number | null;
  at: string;
}

export interface Phone {
  address: string;
  name?: string | null;
  outcome: string;
  /** Of a person with several apps: how each of them behaves, by its address. */
  outcomes?: Record<string, string>;
  optedOutOf: string[];
  messages: PhoneMessage[];
}

export interface OwnNumber {
  phoneNumber: string;
  friendlyName?: string | null;
}

export interface PhoneCall {
  callSid: string;
  from: string;
  to: string;
  /** `inbound`: somebody calls us. */
  direction: 'inbound' | 'outbound-api' | 'outbound-dial';
  status: 'queued' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled';
  startedAt: string | null;
  answeredAt: string | null;
  endedAt: string | null;
}

/** What the person on a phone hears. */
export interface Heard {
  kind: 'say' | 'play' | 'relay' | 'beep' | 'music' | 'stream' | 'silence' | 'voice' | 'tone' | 'ring' | 'busy';
  text: string;
  at: string;
  /** Null while it sounds. */
  until: string | null;
  isCut?: true;
}

/** What they have said themselves, and the keys that they have pressed. */
export interface Said {
  kind: 'words' | 'keys';
  text: string;
  at: string;
  /** Null: nobody listened. */
  takenBy: string | null;
}

export interface TwilioMessage {
  sid: string;
  index: number;
  author: string;
  body: string | null;
  attributes: unknown;
  at: string;
}

export interface TwilioParticipant {
  sid?: string;
  identity?: string | null;
  attributes?: unknown;
}

export interface TwilioConversation {
  sid: string;
  uniqueName: string | null;
  state: string;
  participants: TwilioParticipant[];
  messages: TwilioMessage[];
}

export type Params = Record<string, string | string[]>;

export interface RestCall {
  id: number;
  at: string;
  method: string;
  host: string;
  path: string;
  params: Params;
  status: number | null;
  ms: number | null;
  fault?: string;
}

export interface Webhook {
  id: number;
  at: string;
  url: string;
  event: string;
  params: Params;
  signature: string | null;
  status: number | null;
  ms: number | null;
  attempt: number;
  fault?: string;
  error?: string;
}

export interface FaultMatch {
  method?: string;
  path?: string;
  host?: string;
  event?: string;
  url?: string;
}

export interface FaultOrder {
  kind: string;
  match?: FaultMatch;
  times?: number;
  retryAfterS?: number;
  hangMs?: number;
  delayMs?: number;
  copies?: number;
  hold?: number;
}

export interface Fault extends FaultOrder {
  id: string;
  hits: number;
}

export type SwitchValue = boolean | number | string;
export type Switches = Record<string, SwitchValue>;
