import 'reflect-metadata';
import { startHub } from './app.boot.js';
import { loadDotEnv, readEnvironment } from './app.config.js';
import { welcome } from './app.welcome.js';

/** How long the jobs under way have to end before the process leaves anyway; their rows survive. */
const PATIENCE_MS = 15_000;

try {
  loadDotEnv();
  const hub = await startHub(readEnvironment(process.env));
  process.stdout.write(welcome(hub));
  let leaving = false;
  const leave = (signal: string): void => {
    if (leaving) process.exit(1); // a second Ctrl-C means now
    leaving = true;
    process.stdout.write(`\n${signal}: finishing what is under way …\n`);
    setTimeout(() => process.exit(1), PATIENCE_MS).unref();
    hub.close().then(() => process.exit(0), (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => leave(signal));
} catch (error) {
  process.stderr.write(`Throughline did not start.\n${error instanceof Error ? error.message : String(error)}\n`);
  if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exit(1);
}
