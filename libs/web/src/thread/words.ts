import type { Owner } from '../live/hub.types.js';

interface Shown {
  label: string;
  colour: string;
  why: string;
}

const owners: Record<Owner, Shown> = {
  assistant: { label: 'Assistant answers', colour: 'petrol', why: 'The assistant owns this conversation and replies by itself.' },
  queued: { label: 'Waiting for staff', colour: 'orange', why: 'Handed off: nobody has taken it yet, the assistant keeps quiet.' },
  staff: { label: 'Staff answers', colour: 'violet', why: 'A person owns this conversation, the assistant keeps quiet.' },
  specialist: { label: 'On a call with a specialist', colour: 'violet', why: 'A specialist is on the line.' },
  closed: { label: 'Closed', colour: 'gray', why: 'Nobody is expected to answer. A new text opens it again.' },
};

export const ownerShown = (owner: Owner): Shown => owners[owner] ?? { label: owner, colour: 'gray', why: '' };

const statuses: Record<string, string> = {
  received: 'Received',
  noted: 'Internal, never sent',
  pending: 'Waiting to be sent',
  sending: 'Being sent',
  retry_wait: 'Twilio could not take it, another try follows',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  failed: 'Failed',
  undelivered: 'Not delivered',
  suppressed: 'Held back',
  unknown: 'Unclear whether it was sent: raised to staff',
};

/** Said aloud, not sent. */
const spoken: Record<string, string> = { sending: 'Being said', delivered: 'Heard', undelivered: 'Not heard: the caller spoke first' };

export const statusWords = (status: string, channel?: string): string => (channel === 'voice' ? spoken[status] : undefined) ?? statuses[status] ?? status;

const deliveryColours: Record<string, string> = {
  pending: 'gray', sending: 'blue', retry_wait: 'orange', sent: 'blue', delivered: 'green', read: 'petrol',
  failed: 'red', undelivered: 'red', suppressed: 'orange', unknown: 'red',
};

export const deliveryColour = (state: string): string => deliveryColours[state] ?? 'gray';

const channelNames: Record<string, string> = { sms: 'SMS', whatsapp: 'WhatsApp', rcs: 'RCS', voice: 'Phone call', chat: 'Chat', email: 'E-mail', internal: 'Internal' };

export const channelName = (channel: string): string => channelNames[channel] ?? channel;

/** A message that went another way than it was addressed. */
export const wayName = ({ channel, contentSid }: { channel: string; contentSid: string | null }): string =>
  (contentSid ? `${channelName(channel)} template` : `${channelName(channel)} instead`);

/** What went wrong: the meaning in words, with the error's number, once. */
export function reasonOf(code: number | null | undefined, meaning: string | null | undefined): string {
  const number = code ? String(code) : '';
  if (!meaning) return number;
  return meaning.includes(number) ? meaning : `${number} · ${meaning}`;
}

/** `staff_took_over` -> `staff took over` */
export const plain = (name: string): string => name.replaceAll('_', ' ');

const two = (number: number): string => String(number).padStart(2, '0');

/** A countdown: `23:54:07`. */
export function leftOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
