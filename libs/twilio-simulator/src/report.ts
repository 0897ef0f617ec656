import { inspect } from 'node:util';

/** Says a fault of the simulator itself where the developer looks. */
export const report = (error: unknown): void => void process.stderr.write(`${inspect(error)}\n`);
