import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** One exchange that the referee objects to. */
export interface Violation {
  ok: boolean;
  method: string;
  path: string;
  operation: string | null;
  status: number;
  requestErrors: unknown[];
  responseErrors: unknown[];
}

export interface Referee {
  url: string;
  stats: { exchanges: number; violations: number; operations: Record<string, number> };
  close(): Promise<void>;
}

/** Kept next to the repository, not in it: Twilio's OpenAPI files and the proxy that judges by them. */
const CONTRACT = path.resolve(import.meta.dirname, '../../../shared/contract');

export const refereeIsHere = (): boolean => existsSync(path.join(CONTRACT, 'twilio-referee.mjs'));

const FILES = ['package.json', 'package-lock.json', 'twilio-referee.mjs', 'relaxations.json', 'specs'];

/**
 * The folder may be read-only, so it is copied and given its two dependencies, once for each state of its files.
 * The copy gets its name when it is complete: runs at the same time do not see each other's halves.
 */
function preparedCopy(): string {
  const state = createHash('sha256');
  for (const file of FILES.filter((name) => name !== 'specs')) state.update(readFileSync(path.join(CONTRACT, file)));
  for (const spec of readdirSync(path.join(CONTRACT, 'specs'), { withFileTypes: true })) {
    if (spec.isFile()) state.update(readFileSync(path.join(CONTRACT, 'specs', spec.name)));
  }
  const copy = path.join(tmpdir(), `throughline-referee-${state.digest('hex').slice(0, 16)}`);
  if (existsSync(copy)) return copy;
  const half = mkdtempSync(`${copy}-`);
  for (const file of FILES) cpSync(path.join(CONTRACT, file), path.join(half, file), { recursive: true });
  execFileSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund'], { cwd: half, stdio: 'pipe' });
  try {
    renameSync(half, copy);
    return copy;
  } catch {
    // Another run was first; this copy serves as well.
    return half;
  }
}

export async function openReferee(upstream: string, onViolation: (exchange: Violation) => void): Promise<Referee> {
  const module = pathToFileURL(path.join(preparedCopy(), 'twilio-referee.mjs')).href;
  const { startReferee } = (await import(module)) as { startReferee: (options: object) => Promise<Referee> };
  return startReferee({
    upstream, port: 0,
    onExchange: (exchange: Violation) => {
      if (!exchange.ok) onViolation(exchange);
    },
  });
}
