import { createHash, randomBytes } from 'node:crypto';

/** Two letters and 32 hexadecimal digits; random, so that two simulators never hand out the same one. */
export const newSid = (prefix: string): string => prefix + randomBytes(16).toString('hex');

/** The same for the same name: an account's default services keep their sids over a reset. */
export const sidOf = (prefix: string, name: string): string =>
  prefix + createHash('sha256').update(name).digest('hex').slice(0, 32);
