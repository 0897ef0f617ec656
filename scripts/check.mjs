// Types, lint, boundaries, dead code, in parallel where they do not wait for each other. Fast enough for every save.
import { spawn } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');

/** One after the other; what is in a list of its own, at the same time. */
const checks = [
  ['types', ['tsc', '-b'], [['tsc', '-p', 'tsconfig.test.json'], ['tsc', '-p', 'libs/web'], ['tsc', '-p', 'libs/web/src/widget']]],
  ['lint', ['oxlint', '--deny-warnings']],
  ['boundaries', ['depcruise', 'src', 'libs', '--config', '.dependency-cruiser.cjs']],
  ['dead code', ['knip', '--no-config-hints', '--no-progress']],
];

const results = await Promise.all(checks.map(async ([name, ...steps]) => {
  const started = performance.now();
  let output = '';
  let ok = true;
  for (const step of steps) {
    const sides = await Promise.all((Array.isArray(step[0]) ? step : [step]).map(run));
    output += sides.map((side) => side.output).join('');
    ok &&= sides.every((side) => side.ok);
    if (!ok) break;
  }
  return { name, ok, output, seconds: (performance.now() - started) / 1_000 };
}));

for (const { name, ok, output, seconds } of results) {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(1)} s)`);
  if (!ok) console.log(output.replaceAll(/^/gm, '     '));
}
process.exit(results.every((result) => result.ok) ? 0 : 1);

function run([program, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(path.join(ROOT, 'node_modules/.bin', program), args, { cwd: ROOT, env: { ...process.env, FORCE_COLOR: '0' } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ ok: false, output: String(error) }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}
