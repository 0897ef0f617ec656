import type { Message } from '../conversations/conversations.types.js';
import type { Sender, TenantSettings } from '../tenancy/tenancy.types.js';

/** One of our senders and an address of the person's, on the same channel. */
export interface Place {
  channel: string;
  sender: string;
  address: string;
  messagingServiceSid: string | null;
  messagesPerSecond: number | null;
}

export interface Template {
  contentSid: string;
  variables: Record<string, string>;
}

/** How a message leaves now. */
export interface Route {
  to: Place;
  /** In place of the words, which are among its variables. */
  template: Template | null;
  /** Not from then on: the window closes. */
  until: Date | null;
  /** Why it goes another way than it was addressed; null when it does not. */
  detour: string | null;
  /** Our number by which Twilio's Messaging Service may send it as SMS to the same phone, where that cannot do RCS. */
  fallbackSender: string | null;
}

/** Nothing carries it; why, for people to read. */
export interface NoRoute {
  to: null;
  why: string;
  /** The person does not want it where it was said to. */
  unwanted: boolean;
}

/**
 * What has turned out not to carry a delivery: free text, any template, replies to tap, a Messaging Service that falls back by itself,
 * or an address as such (`sms:+15551230001`).
 */
export type RuledOut = 'text' | 'template' | 'buttons' | 'service' | `${string}:${string}`;

/** A message with what is needed to find its way. */
export interface Way {
  message: Message;
  sender: Sender | null;
  settings: TenantSettings;
  /** By which it may leave instead, the oldest first. Null: nobody has looked yet. */
  senders: Sender[] | null;
}

/** Not before the person's quiet hours are over. */
export interface Held {
  until: Date;
  cause: string;
}

/** Why a text may not go out any more. */
export interface Withheld {
  event: 'opted_out' | 'withheld';
  cause: string;
}

/** An attempt, as far as it says which way it went. */
export interface Attempt {
  channel: string;
  sender: string;
  address: string;
  contentSid: string | null;
  /** By which sender Twilio may send it as an SMS. */
  fallbackSender?: string | null;
  /** Replies to tap, which are content of their own at Twilio. */
  buttons?: { as: string } | null;
}
