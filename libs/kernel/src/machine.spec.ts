import { describe, expect, test } from '@jest/globals';
import { defineMachine, type MachineTable, unsoundness } from './machine.js';

type Light = 'red' | 'green' | 'off';
type Happening = 'wait' | 'switch_off';
type Table = MachineTable<Light, Happening, 'ring'>;

const light: Table = {
  name: 'light',
  initial: 'red',
  final: ['off'],
  timeouts: { red: 'wait', green: 'wait' },
  transitions: {
    red: { wait: { to: 'green', effects: ['ring'] }, switch_off: { to: 'off' } },
    green: { wait: { to: 'red' } },
    off: {},
  },
};

test('a sound table becomes a machine', () => {
  const machine = defineMachine(light);
  expect(machine.next('red', 'wait')).toEqual({ to: 'green', effects: ['ring'] });
  expect(machine.next('red', 'switch_off')).toEqual({ to: 'off' });
  expect([machine.isFinal('red'), machine.isFinal('off')]).toEqual([false, true]);
});

test('an event that means nothing in a state is a quiet no-op, an unknown one too', () => {
  const machine = defineMachine(light);
  expect(machine.next('green', 'switch_off')).toBeUndefined();
  expect(machine.next('off', 'wait')).toBeUndefined();
  expect(machine.next('purple' as Light, 'wait')).toBeUndefined();
});

test('asking a machine changes nothing', () => {
  const machine = defineMachine(light);
  const before = JSON.stringify(light);
  machine.next('red', 'wait');
  expect(machine.next('red', 'wait')).toEqual({ to: 'green', effects: ['ring'] });
  expect(JSON.stringify(light)).toBe(before);
});

describe('a table is refused', () => {
  const { red, green, off } = light.transitions;
  test.each<[string, Partial<Table>, string[]]>([
    ['with a target that is no state', { transitions: { red: { ...red, switch_off: { to: 'purple' as Light } }, green: { wait: { to: 'off' } }, off } },
      ['red --switch_off--> purple: no such state']],
    ['with a state that nobody comes to', { transitions: { red: { wait: { to: 'off' } }, green, off } }, ['green cannot be reached from red']],
    ['with a dead end', { transitions: { red, green: {}, off } }, ['green has no way out and is not final', 'green ignores its own timeout wait']],
    ['with a state that nothing ends', { timeouts: { red: 'wait' } }, ['green names no timeout']],
    ['with a timeout that its state ignores', { timeouts: { red: 'wait', green: 'switch_off' } }, ['green ignores its own timeout switch_off']],
    ['with an initial state that is none', { initial: 'blue' as Light },
      ['red cannot be reached from blue', 'green cannot be reached from blue', 'off cannot be reached from blue']],
    ['with several faults, naming each', { timeouts: {}, transitions: { red: { wait: { to: 'off' } }, green, off } },
      ['red names no timeout', 'green cannot be reached from red', 'green names no timeout']],
  ])('%s', (_, change, faults) => {
    const table = { ...light, ...change };
    expect(unsoundness(table)).toEqual(faults);
    expect(() => defineMachine(table)).toThrow(`machine light is not sound:\n- ${faults.join('\n- ')}`);
  });
});

test('a final state may have ways out', () => {
  expect(unsoundness({ ...light, transitions: { ...light.transitions, off: { wait: { to: 'red' } } } })).toEqual([]);
});
