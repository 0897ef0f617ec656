// The built hub and everything around it, each as a process of its own, as it would be deployed.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '@throughline/database/embedded-postgres.js';
import pg from 'pg';
import { freePort } from '../test/harness/ports.mjs';

export const ROOT = path.resolve(import.meta.dirname, '..');
export const NUMBER = '+15550100001';

export async function openHouse({ rates = 1_000, settings = {} } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'throughline-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: path.join(folder, 'postgres'), settings: { shared_buffers: '256MB', ...settings } });
  const account = { sid: `AC${randomBytes(16).toString('hex')}`, authToken: randomBytes(16).toString('hex') };
  const [port, workerPort, twilioPort, modelPort] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const hub = `http://127.0.0.1:${port}`;
  const twilio = start('simulator', 'bench/simulator.mjs', { BENCH_ACCOUNT: JSON.stringify(account), BENCH_PORT: twilioPort, BENCH_HUB: hub });
  const model = start('model', 'bench/model.mjs', { BENCH_PORT: modelPort });
  const environment = {
    DATABASE_URL: postgres.url(), TWILIO_ACCOUNT_SID: account.sid, TWILIO_AUTH_TOKEN: account.authToken, TWILIO_API_ORIGIN: `http://127.0.0.1:${twilioPort}`,
    OPENAI_BASE_URL: `http://127.0.0.1:${modelPort}/v1`, OPENAI_API_KEY: 'scripted', TURN_QUIET_MS: '0', PUBLIC_BASE_URL: hub,
    ADMIN_TOKEN: 'bench-admin-token-0001', LOG_LEVEL: 'error', DATA_DIR: folder, ...(process.env.REDIS_URL ? { REDIS_URL: process.env.REDIS_URL } : {}),
  };
  await reachable(`http://127.0.0.1:${twilioPort}/_control/clock`);
  const web = start('web', 'dist/src/main.js', { ...environment, PORT: port, HUB_ROLES: 'web' });
  await reachable(`${hub}/readyz`);
  const worker = start('worker', 'dist/src/main.js', { ...environment, PORT: workerPort, HUB_ROLES: 'worker' });
  await reachable(`http://127.0.0.1:${workerPort}/readyz`);
  const pool = new pg.Pool({ connectionString: postgres.url(), max: 2 });
  pool.on('error', () => undefined);
  await api(hub, '/senders', { channel: 'sms', address: NUMBER, messagesPerSecond: rates });
  return {
    hub, account, pool, web, worker, twilio, model, twilioOrigin: `http://127.0.0.1:${twilioPort}`,
    close: async () => {
      for (const process of [web, worker, twilio, model]) process.kill();
      await pool.end();
      await postgres.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function api(hub, route, body) {
  const answer = await fetch(`${hub}/api/v1${route}`, {
    method: body ? 'POST' : 'GET',
    headers: { Authorization: 'Bearer bench-admin-token-0001', 'Content-Type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

export function start(name, script, environment) {
  const child = spawn(process.execPath, [path.join(ROOT, script)], {
    cwd: ROOT, env: { PATH: process.env.PATH, ...Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)])) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output = (output + chunk).slice(-4_000)));
  let killed = false;
  child.on('exit', (code) => {
    if (!killed && code) console.error(`${name} ended with ${code}:\n${output}`);
  });
  return {
    pid: child.pid,
    /** Processor time so far, in ms: what does not depend on who else uses the machine. The kernel counts in hundredths of a second. */
    cpu: () => fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).reduce((sum, ticks) => sum + Number(ticks) * 10, 0),
    kill: () => { killed = true; child.kill('SIGKILL'); },
    /** Resident memory in MB, as the kernel counts it. */
    rss: () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024,
  };
}

export async function reachable(url, withinMs = 30_000) {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    if ((await fetch(url).catch(() => undefined))?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${url} did not answer within ${withinMs} ms`);
}

export function quantile(sorted, share) {
  return sorted.length === 0 ? Number.NaN : sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

export const phone = (index) => `+1555${String(1_000_000 + index)}`;
