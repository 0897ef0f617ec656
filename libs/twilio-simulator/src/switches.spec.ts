import { expect, test } from '@jest/globals';
import { SwitchBoard } from './switches.js';

test('a switch is changed, and set back to what this simulator was started with', () => {
  const board = new SwitchBoard({ stepMs: 5 });
  expect(board.set({ closedStatus: 409, stepMs: 0 })).toMatchObject({ closedStatus: 409, stepMs: 0 });
  board.reset();
  expect(board.values).toMatchObject({ closedStatus: 400, stepMs: 5 });
});

test.each([
  [{ nonsense: true }, /no switch "nonsense"/],
  [{ closedStatus: 500 }, /one of 400, 409/],
  [{ classicDuplicate: 'yes' }, /takes a boolean/],
  [{ apsLimit: -1 }, />= 0/],
])('%j is refused in words', (changes, message) => {
  expect(() => new SwitchBoard(changes as object)).toThrow(message);
});
