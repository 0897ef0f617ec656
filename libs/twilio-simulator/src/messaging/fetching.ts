import type { Media, Message } from '../entities.js';
import { parseAddress } from './address.js';

const TIMEOUT_MS = 10_000;
const MB = 1_000_000;
/** Phones show files up to this size; of larger ones they name the address. */
const MOST_SHOWN = MB;

/** A file that is still to be fetched before the message leaves. */
const isOutside = ({ url, fetched }: Media): boolean => !fetched && /^https?:/.test(url);

export const hasToFetch = (message: Message): boolean => message.direction !== 'inbound' && message.media.some(isOutside);

/**
 * Fetches what a message names by MediaUrl, as Twilio does before it sends: by GET, and what it is, the answer's Content-Type says.
 *
 * @returns the error that the message ends with, where one of its files cannot be had; null when all of them are there
 */
export async function fetchMedia(message: Message): Promise<number | null> {
  const isMms = parseAddress(message.to).channel === 'sms';
  let together = 0;
  for (const medium of message.media.filter(isOutside)) {
    const answer = await fetch(medium.url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => undefined);
    const contentType = answer?.headers.get('content-type')?.split(';')[0]?.trim();
    if (!answer?.ok) return isMms ? 11200 : 63019;
    if (!contentType || contentType === 'text/html') return isMms ? 12300 : 63019;
    const bytes = Buffer.from(await answer.arrayBuffer());
    together += bytes.length;
    if (isMms && together > 5 * MB) return 11751;
    if (bytes.length > 16 * MB) return 63034;
    medium.contentType = contentType;
    medium.fetched = true;
    if (bytes.length <= MOST_SHOWN) medium.url = `data:${contentType};base64,${bytes.toString('base64')}`;
  }
  return null;
}
