import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
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

/** The folder may be read-only, so a copy of it is made, and given its two dependencies once. */
function preparedCopy(): string {
  const copy = path.join(tmpdir(), 'throughline-referee');
  const files = ['package.json', 'package-lock.json', 'twilio-referee.mjs', 'relaxations.json', 'specs'];
  mkdirSync(copy, { recursive: true });
  // A copy of read-only files is read-only too and could not be copied over: `force` replaces it.
  for (const file of files) cpSync(path.join(CONTRACT, file), path.join(copy, file), { recursive: true, force: true });
  if (!existsSync(path.join(copy, 'node_modules', 'ajv'))) {
    execFileSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund'], { cwd: copy, stdio: 'pipe' });
  }
  return copy;
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
