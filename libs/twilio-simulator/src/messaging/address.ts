export type Channel = 'sms' | 'whatsapp' | 'rcs' | 'other';

export interface Address {
  channel: Channel;
  /** Without the channel's prefix. */
  bare: string;
}

const E164 = /^\+[1-9]\d{6,14}$/;
// `US.1234`: a WhatsApp user with a username may be known by a business-scoped id only (facts B.8).
const BSUID = /^[A-Z]{2}\.[A-Za-z0-9]+$/;

export function parseAddress(text: string): Address {
  const at = text.indexOf(':');
  if (at < 0) return { channel: 'sms', bare: text };
  const prefix = text.slice(0, at).toLowerCase();
  return { channel: prefix === 'whatsapp' || prefix === 'rcs' ? prefix : 'other', bare: text.slice(at + 1) };
}

/** Whether somebody can be reached there. */
export function isRecipient(text: string): boolean {
  const { channel, bare } = parseAddress(text);
  if (channel === 'whatsapp') return E164.test(bare) || BSUID.test(bare);
  return channel === 'other' ? bare.length > 0 : E164.test(bare);
}

/** Whether it has the form of a sender: a number, short code, alphanumeric id or channel sender. */
export function isSender(text: string): boolean {
  const { channel, bare } = parseAddress(text);
  if (channel === 'sms') return E164.test(bare) || /^\d{3,8}$/.test(bare) || /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(bare);
  return channel === 'whatsapp' ? E164.test(bare) : bare.length > 0;
}
