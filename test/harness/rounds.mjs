// Which journeys share a house in a whole run.
import fs from 'node:fs';
import path from 'node:path';

const FOLDER = path.join(import.meta.dirname, '../journeys/rounds');

/** @returns the files of a round's journeys */
export function journeysOf(round) {
  return [...fs.readFileSync(round, 'utf8').matchAll(/^import '(\.\.\/[^']+\.spec)\.js';$/gm)].map(([, place]) => path.join(FOLDER, `${place}.ts`));
}

export const rounds = fs.readdirSync(FOLDER).map((name) => path.join(FOLDER, name));
