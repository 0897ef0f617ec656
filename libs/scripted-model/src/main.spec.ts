import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

// The process runs as built: `npm test` builds first.
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

test('as a process it prints its base URL and goes when told to', async () => {
  const child = spawn(process.execPath, [main, '--port', '0']);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const models = await fetch(`${line.toString().trim()}/models`);
  expect(models.status).toBe(200);
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

test('a port that is none is refused in words', async () => {
  const child = spawn(process.execPath, [main, '--port', 'x']);
  const [words] = (await once(child.stderr, 'data')) as [Buffer];
  expect(words.toString()).toContain('"x" is not a port');
  expect(await once(child, 'exit')).toEqual([2, null]);
});
