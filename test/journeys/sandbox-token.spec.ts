import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AS_BUILT, HubProcess } from '../harness/hub.process.js';
import { freePort } from '../harness/ports.mjs';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';

const ADMIN_TOKEN = 'the-token-of-the-operator';
const ACCOUNT = { TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'token', OPENAI_API_KEY: 'key' };
let databases: TestDatabase[];
let dataDir: string;
beforeAll(async () => {
  databases = [await freshDatabase(), await freshDatabase()];
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'throughline-sandbox-'));
});
afterAll(async () => {
  for (const database of databases) await database.drop();
  fs.rmSync(dataDir, { recursive: true, force: true });
});

/** A hub on what is in the data folder, and with these variables. */
async function withHub(environment: Record<string, string>, visit: (hub: HubProcess) => Promise<void>, database = databases[0]!, entry?: typeof AS_BUILT): Promise<void> {
  const hub = new HubProcess(await freePort(), { DATABASE_URL: database.url, DATA_DIR: dataDir, ...environment }, entry);
  await hub.start();
  await visit(hub).finally(() => hub.kill());
}

const session = async (hub: HubProcess): Promise<{ token: string }> => (await fetch(`${hub.url}/sandbox/api/session`)).json() as Promise<{ token: string }>;
const opens = async (hub: HubProcess, token: string): Promise<number> =>
  (await fetch(`${hub.url}/api/v1/tenants`, { headers: { Authorization: `Bearer ${token}` } })).status;
const answersAt = (hub: HubProcess, address: string): Promise<boolean> =>
  fetch(`http://${address}:${hub.port}/healthz`).then((answer) => answer.ok, () => false);

let token = '';

test("the sandbox's token is its own, beside the operator's, in a hub as somebody starts it", async () => {
  await withHub({ ADMIN_TOKEN }, async (hub) => {
    ({ token } = await session(hub));
    expect(token).not.toBe(ADMIN_TOKEN);
    expect([await opens(hub, token), await opens(hub, ADMIN_TOKEN)]).toEqual([200, 200]);
    expect(hub.log).toContain(token);
    expect(hub.log).not.toContain(ADMIN_TOKEN);
  }, databases[0], AS_BUILT);
});

test('it stays the same, and no other is made for the sandbox', async () => {
  await withHub({}, async (hub) => expect(await session(hub)).toMatchObject({ token }));
  expect(fs.existsSync(path.join(dataDir, 'admin-token'))).toBe(false);
});

test('it opens nothing once the hub is real', async () => {
  expect(token).not.toBe('');
  // Nobody is at that address, so this is not a simulator.
  const real = { ...ACCOUNT, PUBLIC_BASE_URL: 'http://127.0.0.1:9', TWILIO_API_ORIGIN: 'http://127.0.0.1:9' };
  await withHub(real, async (hub) => {
    const kept = fs.readFileSync(path.join(dataDir, 'admin-token'), 'utf8');
    expect([await opens(hub, token), await opens(hub, kept)]).toEqual([401, 200]);
    expect(hub.log).not.toContain(kept);
    expect((await fetch(`${hub.url}/sandbox/api/session`)).status).toBe(404);
  }, databases[1]);
});

test.each([
  ['on this machine alone', {}, false],
  ['where somebody says that it shall', { LISTEN_ADDRESS: '0.0.0.0' }, true],
])('the sandbox answers %s', async (_, where, elsewhere) => {
  await withHub({ PUBLIC_BASE_URL: 'http://127.0.0.1:3000', ...where }, async (hub) => expect(await answersAt(hub, '127.0.0.2')).toBe(elsewhere));
});

test.each<[string, Record<string, string>, RegExp]>([
  ['a sandbox that the world could reach', { PUBLIC_BASE_URL: 'https://hub.example.com' }, /PUBLIC_BASE_URL is [^]*TWILIO_ACCOUNT_SID/],
  ['a hub whose address Twilio is not told', ACCOUNT, /PUBLIC_BASE_URL is missing/],
  ['a hub that Twilio cannot reach', { ...ACCOUNT, PUBLIC_BASE_URL: 'http://localhost:3000' }, /PUBLIC_BASE_URL is [^]*cannot reach/],
])('%s does not start, and says what to do', async (_, environment, message) => {
  await expect(withHub(environment, async () => undefined)).rejects.toThrow(message);
});
