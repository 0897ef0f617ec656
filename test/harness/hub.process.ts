import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { eventually } from './eventually.js';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** What a user starts. */
export const AS_BUILT: readonly string[] = [path.join(ROOT, 'dist/src/main.js')];

/** One hub process. Most start from one file that holds the same modules (`hub.bundle.mjs`), in a third of the time. */
export class HubProcess {
  private child: ChildProcess | undefined;
  private output = '';
  private ended: Promise<void> = Promise.resolve();

  constructor(
    readonly port: number,
    private readonly environment: Record<string, string>,
    private readonly entry: readonly string[] = process.env['TEST_HUB'] ? (JSON.parse(process.env['TEST_HUB']) as string[]) : AS_BUILT,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Settings that hold from the next start on. */
  configure(settings: Record<string, string>): void {
    Object.assign(this.environment, settings);
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--import', path.join(ROOT, 'test/harness/crash.mjs'), ...this.entry], {
      env: { PATH: process.env['PATH'], PORT: String(this.port), LOG_LEVEL: 'info', ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: ROOT,
    });
    this.child = child;
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = new Promise((resolve) => child.once('exit', () => resolve()));
    await eventually('the hub to be ready', async () => {
      if (child.exitCode !== null) throw new Error(`The hub ended at its start:\n${this.output}`);
      return (await fetch(`${this.url}/readyz`).catch(() => undefined))?.ok;
    }).catch(async (error: unknown) => {
      // Nobody else knows of it, and without its database it would keep a core busy for ever.
      await this.kill();
      throw error;
    });
  }

  /** Resolves when the process is gone, by whatever hand. */
  async gone(): Promise<void> {
    await this.ended;
  }

  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.ended;
  }

  async stop(): Promise<void> {
    this.child?.kill('SIGTERM');
    await this.ended;
  }

  /** Its time, forward from now on. */
  async moveClock(ms: number): Promise<void> {
    const answer = await fetch(`${this.url}/sandbox/api/clock`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ forward: `${ms}ms` }),
    });
    if (!answer.ok) throw new Error(`POST /sandbox/api/clock: ${answer.status} ${await answer.text()}`);
  }

  get exitCode(): number | null {
    return this.child?.exitCode ?? null;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** What it printed, for a failing test and for tests of the log itself. */
  get log(): string {
    return this.output;
  }
}
