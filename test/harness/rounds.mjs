// Which tests share what in a whole run: journeys a house (`test/journeys/rounds`), others the modules that they load (`.rounds`, made for each run).
import fs from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
const FOLDER = path.join(ROOT, 'test/journeys/rounds');
const MADE = path.join(ROOT, '.rounds');

/** Rounds of a tier: enough that none is long, few enough that most of each is tests. */
const COUNT = 10;

/** Long enough by themselves. */
const APART = /embedded-postgres|property/;

/** How much longer a line takes than one of a unit test, roughly. */
const WEIGHTS = [[/test\/browser\//, 20], [/embedded-postgres/, 20], [/killed-at-random|crash|fifty/, 16], [/test\/journeys\//, 8], [/test\/rooms\//, 3]];

/** @returns the files of a round's tests */
export function filesOf(round) {
  return [...fs.readFileSync(round, 'utf8').matchAll(/import\(?\s?'(\.\.\/[^']+\.spec)\.js'/g)].map(([, place]) => path.join(path.dirname(round), `${place}.ts`));
}

export const rounds = fs.readdirSync(FOLDER).map((name) => path.join(FOLDER, name));

/** How long a file takes, roughly, beside others. */
export const costOf = (file) => (file.endsWith('.round.ts') ? filesOf(file).reduce((sum, one) => sum + costOf(one), 0) : fs.statSync(file).size * (WEIGHTS.find(([pattern]) => pattern.test(file))?.[1] ?? 1));

/** Writes rounds of the files below these folders, each with a share of the long ones. @returns the rounds */
export function makeRounds(tier, folders) {
  const shares = Array.from({ length: COUNT }, () => ({ cost: 0, files: [] }));
  const specs = folders.flatMap(specsIn).filter((file) => !APART.test(file)).map((file) => [file, costOf(file)]);
  for (const [file, cost] of specs.toSorted((one, other) => other[1] - one[1])) {
    const share = shares.reduce((least, one) => (one.cost < least.cost ? one : least));
    share.cost += cost;
    share.files.push(path.relative(ROOT, file));
  }
  // Two runs at once write the same files.
  fs.mkdirSync(MADE, { recursive: true });
  return shares.map(({ files }, index) => {
    const round = path.join(MADE, `${tier}-${index + 1}.round.ts`);
    const lines = files.map((file) => `await own('${file}', () => import('../${file.replace(/\.ts$/, '.js')}'));\n`);
    fs.writeFileSync(round, `import { own } from '../test/harness/own.js';\n\n${lines.join('')}`);
    return round;
  });
}

const specsIn = (folder) => fs.readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.spec.ts') && !/node_modules|\/dist(\/|$)/.test(entry.parentPath)).map((entry) => path.join(entry.parentPath, entry.name));
