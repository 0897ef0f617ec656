// Long files first, so that nothing long is left over at the end: a round (`round.ts`) takes as long as its journeys together.
import fs from 'node:fs';
import Sequencer from '@jest/test-sequencer';
import { journeysOf } from './rounds.mjs';

/** How much longer a line takes than one of a unit test, roughly. */
const WEIGHTS = [[/test\/browser\//, 20], [/embedded-postgres/, 20], [/killed-at-random|crash|fifty/, 16], [/test\/journeys\//, 8], [/test\/rooms\//, 3]];

const size = (file) => fs.statSync(file).size * (WEIGHTS.find(([pattern]) => pattern.test(file))?.[1] ?? 1);
const cost = (file) => (file.endsWith('.round.ts') ? journeysOf(file).reduce((sum, journey) => sum + size(journey), 0) : size(file));

export default class LongFirst extends Sequencer {
  sort(tests) {
    const costs = new Map(tests.map(({ path }) => [path, cost(path)]));
    return tests.toSorted((one, other) => costs.get(other.path) - costs.get(one.path));
  }
}
