import type { Message } from '../conversations/conversations.types.js';
import type { TenantSettings } from '../tenancy/tenancy.types.js';

/** Signs and blanks around what was said do not matter, nor capitals. */
const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

/** Whether a caller has asked for a person in a way that needs no thought: just a word of the tenant's, or the 0. */
export function wishIn({ keywords, onZero }: TenantSettings['transfer'], { body, channel, details }: Pick<Message, 'body' | 'channel' | 'details'>): boolean {
  if (channel !== 'voice') return false;
  const isPressed = details?.words.includes('pressed on the keypad') ?? false;
  if (isPressed) return onZero && body.trim() === '0';
  return keywords.some((keyword) => plain(keyword) !== '' && plain(keyword) === plain(body));
}
