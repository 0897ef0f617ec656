import { describe, expect, test } from '@jest/globals';
import { Utterances } from './utterances.js';

function saying(...words: string[]): Utterances {
  const utterances = new Utterances();
  utterances.begin('m1');
  for (const word of words) utterances.say(word);
  return utterances;
}

describe('what the caller has heard', () => {
  test.each([
    ['We open at', 'We open at', 'cut'], ['We open at eight.', 'We open at eight.', 'heard'], ['we open', 'We open', 'cut'], ['We  open,', 'We open', 'cut'],
    ['', 'We open at eight.', 'unheard'], ['We open at eight. And more', 'We open at eight.', 'heard'],
  ])('up to %j is kept as %j', (until, body, hearing) => {
    expect(saying('We', ' open', ' at', ' eight.').cutAt(until)).toEqual([{ messageId: 'm1', body, hearing }]);
  });

  test('is all of it, where nobody interrupted', () => {
    const utterances = saying('We open', ' at eight.');
    expect(utterances.heard()).toEqual([{ messageId: 'm1', body: 'We open at eight.', hearing: 'heard' }]);
    expect(utterances.heard()).toEqual([]);
    expect(utterances.cutAt('We')).toEqual([]);
  });

  test('does not count what only filled the pause before', () => {
    const utterances = new Utterances();
    utterances.fill('One moment, please.');
    utterances.begin('m1');
    utterances.say('We open');
    utterances.say(' at eight.');
    expect(utterances.cutAt('One moment, please. We')).toEqual([{ messageId: 'm1', body: 'We', hearing: 'cut' }]);
  });

  test('is nothing where only the pause was filled', () => {
    const utterances = new Utterances();
    utterances.fill('One moment, please.');
    utterances.begin('m1');
    utterances.say('We open.');
    expect(utterances.cutAt('One mo')).toEqual([{ messageId: 'm1', body: 'We open.', hearing: 'unheard' }]);
  });

  test('of two is the first one and a part of the second', () => {
    const utterances = saying('Good morning.');
    utterances.begin('m2');
    utterances.say('We open at eight.');
    expect(utterances.cutAt('We open')).toEqual([
      { messageId: 'm1', body: 'Good morning.', hearing: 'heard' }, { messageId: 'm2', body: 'We open', hearing: 'cut' },
    ]);
  });
});
