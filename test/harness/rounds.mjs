// Which tests of a whole run are read as one file: units and rooms share the modules that they load, journeys the house as well.
import fs from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** Made for each run. */
const MADE = path.join(ROOT, '.rounds');

/** Journeys that one house has room for, one after the other. The others have a house each: they start the hub in another way, count all that is in it, or are long. */
const JOURNEYS = {
  // What programs ask.
  api: ['api.tenants-apart', 'api.staff', 'api.oncall', 'api.tokens', 'api.shapes', 'api.paging'],
  calls: ['call-and-text', 'call-from-nobody', 'call-is-interrupted', 'call-is-left', 'call-knows-the-text', 'call-socket', 'call-without-a-socket'],
  'calls-elsewhere': ['outbound-call', 'call-survives', 'call-over-realtime', 'call-over-realtime.ends'],
  chat: ['chat.widget-script', 'chat.answered', 'chat.attachments', 'chat.claims', 'falls-from-a-chat', 'chat.crash', 'chat.refused'],
  erased: ['erased-call', 'erased', 'erased-after-stop', 'erased-files', 'erased-and-back', 'erased-crash'],
  // Who is on call is told.
  escalation: ['escalation.answers', 'escalation.taken', 'escalation.at-night'],
  'escalation-moves': ['escalation.connected', 'transfer.crash'],
  // What Twilio does not say, says late, or loses.
  lost: [
    'twilio-too-busy', 'outcome-unknown', 'webhook-lost', 'staff-webhook-lost', 'catch-up-goes-on', 'stranger-waits', 'queue-lost', 'connections-cut', 'sender-rate',
    'conversations-webhook',
  ],
  'mail-out': ['mail-that-nobody-wrote', 'mail-goes-out', 'mail-falls-to-a-text', 'mail-crash', 'escalation.channels'],
  mail: ['mail-brings-files', 'mail-is-answered', 'mail-finds-its-thread', 'mail-is-forged', 'every-channel-one-thread'],
  // One person, and the people who answer them.
  people: ['what-is-known', 'staff-takes-over', 'foreign-conversations', 'merged-and-parted-again', 'claimed-number-is-verified'],
  staff: ['hand-off', 'staff-attachment', 'staff-sends-files', 'autocreation'],
  // Web and worker as two processes.
  processes: ['chat.streamed', 'transfer.stays', 'chat.two-hubs', 'worker-killed'],
  // Hubs that die.
  deaths: ['crash-at-each-point', 'killed-at-random', 'graceful-stop'],
  // What becomes of a text, and of its answer.
  texts: [
    'answered', 'duplicate-webhook', 'long-reply', 'odd-texts', 'model-fails', 'newer-message', 'receipts-in-any-order', 'refused', 'opt-out', 'two-tenants',
  ],
  transfer: ['transfer.accepted', 'transfer.unanswered'],
  // Several texts that are one question.
  waits: ['at-the-same-instant', 'out-of-order'],
  whatsapp: ['whatsapp-too-late', 'whatsapp-in-time', 'whatsapp-taps', 'whatsapp-files', 'whatsapp-user-names', 'whatsapp-template'],
  fallback: ['whatsapp-crash', 'rcs-falls-to-sms', 'rcs-in-a-service'],
  // What somebody does not want.
  wishes: ['stop-in-plain-words', 'opted-out-on-every-path', 'quiet-hours', 'falls-to-another-address', 'answers-from-pages', 'attachments', 'buttons'],
};

/** Rounds of a tier: enough that none is long, few enough that most of each is tests. Of journeys, those with a house of their own. */
const COUNT = { unit: 2, rooms: 3, journeys: 2 };

/** Long enough by themselves. */
const APART = /embedded-postgres|property|fifty/;

/** How much longer a line takes than one of a unit test, roughly. */
const WEIGHTS = [[/test\/browser\//, 20], [/embedded-postgres/, 20], [/killed-at-random|crash-at|fifty/, 60], [/crash/, 16], [/test\/journeys\//, 8], [/test\/rooms\//, 3]];

/** @returns the files of a round's tests */
export function filesOf(round) {
  return [...fs.readFileSync(round, 'utf8').matchAll(/import\('(.+\.spec)\.js'\)/g)].map(([, place]) => path.join(MADE, `${place}.ts`));
}

/** How long a file takes, roughly, beside others. */
export const costOf = (file) => (file.endsWith('.round.ts') ? filesOf(file).reduce((sum, one) => sum + costOf(one), 0) : fs.statSync(file).size * (WEIGHTS.find(([pattern]) => pattern.test(file))?.[1] ?? 1));

/** Writes rounds of units or rooms, each with a share of the long ones. @returns the rounds */
export const roundsOf = (tier, folders) => inShares(folders.flatMap(specsIn), tier, tier);

/** Writes rounds of journeys: those that one house has room for, and of the others some. @param isLeft which files are left out of this run @returns the rounds */
export function roundsOfJourneys(run, isLeft) {
  const found = Object.entries(JOURNEYS).map(([name, journeys]) => [name, journeys.map((journey) => `test/journeys/${journey}.spec.ts`).filter((file) => !isLeft(file))]);
  const shared = found.filter(([, files]) => files.length > 1);
  const inThem = new Set(shared.flatMap(([, files]) => files.map((file) => path.join(ROOT, file))));
  const alone = specsIn('test/journeys/').filter((file) => !inThem.has(file) && !isLeft(file));
  return [...shared.map(([name, files]) => write(`${run}-${name}`, files, `import '../test/harness/round.js';\n`)), ...inShares(alone, 'journeys', `${run}-alone`)];
}

function inShares(all, tier, name) {
  const shares = Array.from({ length: COUNT[tier] }, () => ({ cost: 0, files: [] }));
  const specs = all.filter((file) => !APART.test(file)).map((file) => [file, costOf(file)]);
  for (const [file, cost] of specs.toSorted((one, other) => other[1] - one[1])) {
    const share = shares.reduce((least, one) => (one.cost < least.cost ? one : least));
    share.cost += cost;
    share.files.push(path.relative(ROOT, file));
  }
  return shares.filter(({ files }) => files.length > 0).map(({ files }, index) => write(`${name}-${index + 1}`, files));
}

/** Two runs at once write the same files, with the same in them. */
function write(name, files, before = '') {
  fs.mkdirSync(MADE, { recursive: true });
  const round = path.join(MADE, `${name}.round.ts`);
  const lines = files.map((file) => `await own('${file}', () => import('../${file.replace(/\.ts$/, '.js')}'));\n`);
  fs.writeFileSync(round, `${before}import { own } from '../test/harness/own.js';\n\n${lines.join('')}`);
  return round;
}

const specsIn = (folder) => fs.readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.spec.ts') && !/node_modules|\/dist(\/|$)/.test(entry.parentPath)).map((entry) => path.join(entry.parentPath, entry.name));
