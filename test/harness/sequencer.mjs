// Long files first, so that nothing long is left over at the end: a round takes as long as its tests together.
import Sequencer from '@jest/test-sequencer';
import { costOf } from './rounds.mjs';

export default class LongFirst extends Sequencer {
  sort(tests) {
    const costs = new Map(tests.map(({ path }) => [path, costOf(path)]));
    return tests.toSorted((one, other) => costs.get(other.path) - costs.get(one.path));
  }
}
