import { describe } from '@jest/globals';

/** What jest-circus knows of the file that it reads; it keeps it beside the globals. */
interface Circus {
  currentDescribeBlock: unknown;
}

/**
 * Reads another file of tests as a part of this one: its hooks are of its tests alone. Modules that both need are loaded once,
 * which for many a file takes longer than its tests.
 *
 * `describe` takes no promise, and to import is one: so the block is opened, and held open while the file is read.
 */
export async function own(file: string, read: () => Promise<unknown>): Promise<void> {
  const circus = circusOf(globalThis);
  const around = circus.currentDescribeBlock;
  let block: unknown;
  describe(file, () => {
    block = circus.currentDescribeBlock;
  });
  circus.currentDescribeBlock = block;
  try {
    await read();
  } finally {
    circus.currentDescribeBlock = around;
  }
}

function circusOf(globals: object): Circus {
  const key = Object.getOwnPropertySymbols(globals).find(({ description }) => description === 'JEST_STATE_SYMBOL');
  if (!key) throw new Error('own: jest-circus no longer keeps its state as JEST_STATE_SYMBOL: find out where it does.');
  return (globals as Record<symbol, Circus>)[key]!;
}
