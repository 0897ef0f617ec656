// Runs the tests and ends with one plain line: N passed, N failed.
//   node scripts/test.mjs                  everything that can run here: journeys on both queues, judged where there is a referee
//   node scripts/test.mjs unit|rooms|contracts|journeys|browser [name …]   one tier
//   --queue=redis    journeys with BullMQ on Redis       --referee    journeys judged against Twilio's OpenAPI
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import jestConfig from '../jest.config.mjs';
import { freePort } from '../test/harness/ports.mjs';
import { filesOf, roundsOf, roundsOfJourneys } from '../test/harness/rounds.mjs';

const ROOT = path.resolve(import.meta.dirname, '..');
const CONTRACT = path.resolve(ROOT, '../shared/contract');
const TIERS = { unit: ['src/', 'libs/'], rooms: ['test/rooms/'], contracts: ['test/contracts/'], journeys: ['test/journeys/'], browser: ['test/browser/'] };

/**
 * Journeys that ask nothing of the queue which others do not ask as well: jobs that are delayed, tried again, lost, and taken up from
 * a process that died are those of the rounds `texts`, `lost`, `deaths` and `processes` and `escalation.at-night`. On Redis the
 * whole run leaves them out; `journeys --queue=redis` has them all.
 */
const ONE_QUEUE_WILL_DO = [
  'another-service', 'answers-from-pages', 'api.', 'attachments', 'autocreation', 'buttons', 'call-', 'chat.(attachments|claims|crash|refused|streamed|widget)',
  'claimed-number', 'conversations-webhook', 'erased', 'escalation.(answers|channels|connected|taken)', 'falls-', 'foreign-conversations', 'hand-off', 'log-is-discreet', 'mail-', 'merged-and',
  'one-person-on', 'opted-out-on-every-path', 'outbound-call', 'quiet-hours', 'rcs-', 'retention', 'sandbox-token', 'staff-(attachment|sends)',
  'stop-in-plain-words', 'transfer.', 'every-channel', 'triage', 'what-is-known', 'whatsapp-',
];

const words = process.argv.slice(2);
const flags = new Set(words.filter((word) => word.startsWith('--')));
const [tier, ...names] = words.filter((word) => !word.startsWith('--'));
if (tier && !TIERS[tier]) {
  console.error(`There is no tier "${tier}". Choose one of: ${Object.keys(TIERS).join(', ')}.`);
  process.exit(2);
}

const leftOut = [];
const totals = { passed: 0, failed: 0 };
const redis = await findRedis();

/** Of the whole run; the rest is of each project in it. */
const { maxWorkers, testSequencer, testTimeout, ...files } = jestConfig;
const judge = (flags.has('--referee') || (!tier && fs.existsSync(CONTRACT))) ? { TEST_REFEREE_DIR: refereeCopy() } : {};

if (tier) {
  const onRedis = flags.has('--queue=redis');
  if (onRedis && !redis) fail('There is no Redis here: set REDIS_URL or install redis-server.');
  const title = [tier, onRedis ? 'on Redis' : '', flags.has('--referee') ? 'through the referee' : ''].filter(Boolean).join(' ');
  const chosen = names.length > 0 ? names.flatMap((name) => TIERS[tier].map((folder) => `${folder}.*${name}`)) : [...TIERS[tier], '/.rounds/'];
  run(title, [{ ...files, ...(names.length > 0 ? {} : inRounds(TIERS[tier])) }], { ...judge, ...(onRedis ? { TEST_REDIS_URL: redis.url } : {}) }, chosen);
} else {
  const onPostgres = { ...files, ...inRounds(Object.values(TIERS).flat()) };
  const onRedis = redis ? [{ ...files, displayName: 'Redis', ...inRounds(TIERS.journeys, ONE_QUEUE_WILL_DO), setupFiles: ['<rootDir>/test/harness/on-redis.mjs'] }] : [];
  const title = ['everything on the embedded Postgres', judge.TEST_REFEREE_DIR ? 'journeys through the referee' : '', redis ? 'and those of the queue on Redis' : ''].filter(Boolean).join(', ');
  run(title, [onPostgres, ...onRedis], { ...judge, ...(redis ? { TEST_REDIS: redis.url } : {}) });
  if (redis) leftOut.push(`on Redis, journeys that are no different there (${ONE_QUEUE_WILL_DO.join(', ')}): node scripts/test.mjs journeys --queue=redis runs all`);
  else leftOut.push('journeys with the queue on Redis: no REDIS_URL and no redis-server here');
  if (spawnSync('/usr/bin/python3', ['-c', 'import swift']).status !== 0) leftOut.push('the media store in S3: no python3-swift here, which is a store that checks signatures');
  if (!judge.TEST_REFEREE_DIR) leftOut.push('the referee of Twilio\'s OpenAPI: ../shared/contract is not here');
}

redis?.stop();
for (const line of leftOut) console.log(`left out: ${line}`);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed > 0 ? 1 : 0);

function run(title, projects, environment, patterns = []) {
  console.log(`\n== ${title}`);
  const report = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'throughline-report-')), 'report.json');
  const jest = path.join(ROOT, 'node_modules/jest/bin/jest.js');
  const config = JSON.stringify({ rootDir: ROOT, maxWorkers, testSequencer, testTimeout, projects: projects.map((project) => ({ rootDir: ROOT, ...project })) });
  const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, '--passWithNoTests', '--json', `--outputFile=${report}`, '--config', config, ...patterns];
  spawnSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...environment } });
  if (!fs.existsSync(report)) {
    totals.failed += 1; // jest itself did not come to an end
    return;
  }
  const result = JSON.parse(fs.readFileSync(report, 'utf8'));
  totals.passed += result.numPassedTests;
  totals.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  if (result.numPendingTests > 0) fail(`${result.numPendingTests} tests were skipped; tests are run or removed.`);
}

/** Files in these folders, most of them in rounds; one that is asked for by its name runs by itself. */
function inRounds(folders, leaving = []) {
  const isLeft = (file) => leaving.some((name) => new RegExp(`test/journeys/${name}`).test(file));
  const shared = folders.includes('test/journeys/') ? roundsOfJourneys(leaving.length > 0 ? 'some-journeys' : 'journeys', isLeft) : [];
  const whole = [...shared, ...['unit', 'rooms'].filter((tier) => TIERS[tier].every((folder) => folders.includes(folder))).flatMap((tier) => roundsOf(tier, TIERS[tier]))];
  return {
    testMatch: [...folders.map((folder) => `<rootDir>/${folder}**/*.spec.ts`), ...whole],
    testPathIgnorePatterns: [...leaving.map((name) => `test/journeys/${name}`), ...whole.flatMap(filesOf).map((file) => `${file.replaceAll('.', '\\.')}$`)],
  };
}

/** A Redis that was given, or one of our own for this run. */
async function findRedis() {
  if (process.env.REDIS_URL) return { url: process.env.REDIS_URL.replace(/\/\d*$/, ''), stop: () => undefined };
  if (spawnSync('redis-server', ['--version']).status !== 0) return undefined;
  const port = await freePort();
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--databases', '2000', '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
  return { url: `redis://127.0.0.1:${port}`, stop: () => server.kill() };
}

/** The folder may be read-only: a copy gets its two dependencies. */
function refereeCopy() {
  if (!fs.existsSync(CONTRACT)) fail('../shared/contract is not here, so there is no referee.');
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'throughline-referee-'));
  for (const file of ['package.json', 'package-lock.json', 'twilio-referee.mjs', 'relaxations.json', 'specs']) {
    fs.cpSync(path.join(CONTRACT, file), path.join(copy, file), { recursive: true });
  }
  fs.chmodSync(copy, 0o755);
  execFileSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund'], { cwd: copy, stdio: 'ignore' });
  return copy;
}

function fail(text) {
  console.error(text);
  redis?.stop();
  process.exit(1);
}
