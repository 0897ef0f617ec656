import type { HookParams } from './signature.js';
import type { Row } from './table.js';

/** Instants are milliseconds of the injected clock; how Twilio writes them is a matter of `wire.ts`. */
export interface Dated extends Row {
  accountSid: string;
  createdAt: number;
  updatedAt: number;
}

export type HookMethod = 'GET' | 'POST';

export interface Account {
  sid: string;
  authToken: string;
  secondaryAuthToken?: string | undefined;
  apiKeys?: { sid: string; secret: string }[] | undefined;
  friendlyName?: string | undefined;
}

/** A number, or another sender such as `whatsapp:+1…` or `rcs:…`, of an account. */
export interface OwnNumber extends Dated {
  phoneNumber: string;
  friendlyName: string;
  smsUrl: string;
  smsMethod: HookMethod;
  smsFallbackUrl: string;
  smsFallbackMethod: HookMethod;
  voiceUrl: string;
  voiceMethod: HookMethod;
  voiceFallbackUrl: string;
  voiceFallbackMethod: HookMethod;
  statusCallback: string;
  statusCallbackMethod: HookMethod;
  messagingServiceSid: string | null;
}

export interface MessagingService extends Dated {
  friendlyName: string;
  inboundRequestUrl: string | null;
  inboundMethod: HookMethod;
  fallbackUrl: string | null;
  fallbackMethod: HookMethod;
  statusCallback: string | null;
  useInboundWebhookOnNumber: boolean;
  validityPeriod: number;
  usecase: string;
}

export type MessageStatus =
  | 'accepted' | 'scheduled' | 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'undelivered' | 'failed'
  | 'canceled' | 'received';

export interface Media {
  sid: string;
  url: string;
  contentType: string;
  /** Of a file that was named by its address: it has been looked at there. */
  fetched?: boolean;
}

export interface Message extends Dated {
  direction: 'inbound' | 'outbound-api' | 'outbound-reply';
  from: string | null;
  to: string;
  /** What the record says; emptied when it is redacted. */
  body: string;
  /** What the handset shows, whatever becomes of the record. */
  text: string;
  media: Media[];
  buttons?: Button[];
  numSegments: number;
  status: MessageStatus;
  errorCode: number | null;
  messagingServiceSid: string | null;
  /** By whom the Messaging Service sends it as SMS, where the phone cannot do RCS; null: it chooses one. */
  fallbackFrom?: string | null;
  /** What it is on RCS, where it says more there than in an SMS. */
  rich?: { body: string; buttons: Button[] };
  statusCallback: string | null;
  sentAt: number | null;
  /** Statuses still to come, and when the next one is due. */
  walk: MessageStatus[];
  dueAt: number | null;
  failureCode: number | null;
  /** Accepted, then no receipt: the record moves on, nobody is told. */
  quiet: boolean;
  /** False for what Twilio keeps out of its records: deleted messages, answers to keywords. */
  listed: boolean;
  /** The delivery receipt this message is the leg of, if a conversation sent it. */
  receiptSid: string | null;
}

export interface Phone extends Row {
  address: string;
  name: string | null;
  outcome: string;
}

export type ApprovalStatus = 'unsubmitted' | 'received' | 'pending' | 'approved' | 'rejected' | 'paused' | 'disabled';

export interface Approval {
  name: string;
  category: string;
  requestedAt: number;
  /** Null: it goes its way by the clock. */
  decided: ApprovalStatus | null;
  rejectionReason: string;
}

/** A template of the Content API; `sid` HX…. Those of older state files have a body only. */
export interface Content extends Row {
  /** Null: everybody's. */
  accountSid?: string | null;
  createdAt?: number;
  updatedAt?: number;
  friendlyName?: string;
  language?: string;
  variables?: Record<string, string>;
  types?: Record<string, unknown>;
  body: string;
  approval?: Approval | null;
}

/** What can be tapped below a message. */
export interface Button {
  text: string;
  payload: string;
  /** An item of a list, which comes back in other words than a button. */
  isItem?: boolean;
}

/** `sid` is account, recipient and scope; scope is a Messaging Service or one sender. */
export interface OptOut extends Row {
  recipient: string;
  scope: string;
}

/** A webhook that has not been answered yet. Kept, so that a restart sends it after all. */
export interface PendingHook extends Row {
  accountSid: string;
  event: string;
  family: 'messaging' | 'voice' | 'conversations';
  method: HookMethod;
  url: string;
  params: HookParams;
  /** Webhooks of one chain are sent one after the other. */
  chain: string | null;
  token: string;
  /** The message that an answer in TwiML belongs to. */
  messageSid: string | null;
  fallbackUrl: string | null;
  fallbackMethod: HookMethod;
}

export interface ChatService extends Dated {
  friendlyName: string;
  creatorRoleSid: string;
  memberRoleSid: string;
  serviceRoleSid: string;
  reachability: boolean;
}

export interface Role extends Dated {
  serviceSid: string;
  friendlyName: string;
  type: 'conversation' | 'service';
  permissions: string[];
}

/** Defaults of an account; `sid` is the account's. */
export interface ConversationsDefaults extends Row {
  serviceSid: string;
  messagingServiceSid: string;
  inactiveTimer: string | null;
  closedTimer: string | null;
}

/** Webhook settings of an account (`sid` AC…) or of one service (`sid` IS…). */
export interface HookSettings extends Row {
  accountSid: string;
  method: HookMethod;
  filters: string[] | null;
  preUrl: string | null;
  postUrl: string | null;
  target: 'webhook' | 'flex';
}

export type ConversationState = 'active' | 'inactive' | 'closed';

export interface Conversation extends Dated {
  serviceSid: string;
  messagingServiceSid: string;
  friendlyName: string | null;
  uniqueName: string | null;
  attributes: string;
  state: ConversationState;
  inactiveTimer: string | null;
  closedTimer: string | null;
  /** What the timers count from. */
  activeAt: number;
  nextIndex: number;
  createdBy: string;
  email: { address?: string; name?: string } | null;
}

export interface Binding {
  type: 'sms' | 'whatsapp' | 'rcs';
  address?: string;
  proxyAddress?: string;
  projectedAddress?: string;
}

export interface Participant extends Dated {
  conversationSid: string;
  serviceSid: string;
  identity: string | null;
  attributes: string;
  binding: Binding | null;
  roleSid: string | null;
  lastReadIndex: number | null;
  lastReadAt: string | null;
}

export interface ConversationMessage extends Dated {
  conversationSid: string;
  serviceSid: string;
  index: number;
  author: string;
  body: string | null;
  attributes: string;
  participantSid: string | null;
  contentSid: string | null;
  media: { sid: string; contentType: string; filename: string; size: number }[];
}

export type ReceiptStatus = 'sent' | 'delivered' | 'read' | 'failed' | 'undelivered';

export interface Receipt extends Dated {
  conversationSid: string;
  serviceSid: string;
  messageSid: string;
  channelMessageSid: string;
  participantSid: string;
  /** Null while the message is still inside Twilio. */
  status: ReceiptStatus | null;
  errorCode: number;
}

export interface ScopedWebhook extends Dated {
  conversationSid: string;
  serviceSid: string;
  target: 'webhook' | 'trigger' | 'studio';
  url: string | null;
  method: 'get' | 'post';
  filters: string[];
  triggers: string[];
  flowSid: string | null;
}

export interface AddressConfiguration extends Dated {
  type: string;
  address: string;
  country: string | null;
  friendlyName: string | null;
  enabled: boolean;
  creation: 'webhook' | 'studio' | 'default';
  serviceSid: string;
  webhookUrl: string | null;
  webhookMethod: 'get' | 'post';
  webhookFilters: string[];
  studioFlowSid: string | null;
  studioRetryCount: number;
}

export interface User extends Dated {
  serviceSid: string;
  identity: string;
  friendlyName: string | null;
  attributes: string;
  roleSid: string;
}

export interface VerifyService extends Dated {
  friendlyName: string;
  codeLength: number;
  customCodeEnabled: boolean;
}

export interface Verification extends Dated {
  serviceSid: string;
  to: string;
  channel: string;
  status: 'pending' | 'approved' | 'canceled' | 'expired';
  code: string;
  /** How often somebody has tried a code. */
  checks: number;
  attempts: { at: number; channel: string; sid: string }[];
}
