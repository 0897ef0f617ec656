// A newcomer's first minute: an empty folder, one command, a text from a made-up phone, the answer on its screen.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../test/harness/ports.mjs';
import { reachable, ROOT } from './house.mjs';

export async function coldStart() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'throughline-cold-'));
  try {
    const cold = await oneStart(folder);
    const warm = await oneStart(folder);
    return [
      { what: 'start to ready, empty data folder', figure: `${(cold.ready / 1_000).toFixed(1)} s` },
      { what: 'start to the first answer on a phone, empty data folder', budget: '< 60 s', figure: `${(cold.answered / 1_000).toFixed(1)} s` },
      { what: 'start to ready, data there', figure: `${(warm.ready / 1_000).toFixed(1)} s` },
    ];
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function oneStart(folder) {
  const port = await freePort();
  const started = performance.now();
  const child = spawn(process.execPath, [path.join(ROOT, 'dist/src/main.js')], {
    cwd: folder, env: { PATH: process.env.PATH, PORT: String(port), LOG_LEVEL: 'error' }, stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await reachable(`${url}/readyz`, 60_000);
  const ready = performance.now() - started;
  const from = `+1555${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;
  await control(url, '/messages', { from, to: '+15550100001', body: 'What are your opening hours?' });
  for (;;) {
    const phones = await control(url, '/phones');
    if (phones.find((one) => one.address === from)?.messages.some((message) => message.direction === 'received')) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const answered = performance.now() - started;
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  return { ready, answered };
}

async function control(url, route, body) {
  const answer = await fetch(`${url}/sandbox/control${route}`, {
    method: body ? 'POST' : 'GET', ...(body ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });
  return answer.json();
}
