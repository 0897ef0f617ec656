import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** OWASP, Password Storage Cheat Sheet: N=2^15, r=8, p=3 and the like; takes 32 MB, and a tenth of a second for each p. */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 };
const [SALT_BYTES, HASH_BYTES] = [16, 32];
const VERSION = 's1';

const derive = promisify<Buffer, Buffer, number, typeof COST, Buffer>(scrypt);

/** What is kept of a PIN. @param marked the PIN under a mark of the house's, so that the row alone cannot be tried out: see Seal */
export async function hashOf(marked: Buffer): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return [VERSION, salt.toString('base64url'), (await derive(marked, salt, HASH_BYTES, COST)).toString('base64url')].join('.');
}

export async function fits(marked: Buffer, kept: string): Promise<boolean> {
  const [version, salt = '', hash = ''] = kept.split('.');
  const wanted = Buffer.from(hash, 'base64url');
  const given = await derive(marked, Buffer.from(salt, 'base64url'), HASH_BYTES, COST);
  return version === VERSION && wanted.length === given.length && timingSafeEqual(wanted, given);
}

/** What somebody tries first: one digit over and over, or digits in a row, up or down. */
export function isEasy(pin: string): boolean {
  const steps = new Set(Array.from(pin.slice(1), (digit, at) => (Number(digit) - Number(pin[at]) + 10) % 10));
  return steps.size === 1 && [0, 1, 9].includes([...steps][0]!);
}
