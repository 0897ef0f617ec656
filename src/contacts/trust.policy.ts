import type { Trust, Writer } from './contacts.types.js';

/** From the most to the least. */
const LEVELS: readonly Trust[] = ['carrier_verified', 'attested_caller_id', 'verified', 'claimed', 'anonymous'];

/** Whether one is as sure as the other, or surer. */
export const isAtLeast = (trust: Trust, other: Trust): boolean => LEVELS.indexOf(trust) <= LEVELS.indexOf(other);

/** Whether it is known who writes, so that what is known of them may be used. */
export const isKnown = (trust: Trust): boolean => isAtLeast(trust, 'verified');

/** What a channel vouches for, where its door says nothing more: carriers for their phones; caller ids and senders of mails are easily forged. */
export function trustOfChannel(channel: string): Trust {
  if (channel === 'sms' || channel === 'whatsapp' || channel === 'rcs') return 'carrier_verified';
  return channel === 'chat' ? 'anonymous' : 'claimed';
}

/** How sure it is who writes this: as far as its door says, else as far as the channel vouches. */
export const trustIn = ({ channel, trust }: Pick<Writer, 'channel' | 'trust'>): Trust => trust ?? trustOfChannel(channel);
