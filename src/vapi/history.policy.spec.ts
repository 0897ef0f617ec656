import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newsIn, settledBy } from './history.policy.js';

const caller = (content: unknown) => ({ role: 'user', content });
const ours = (content: string) => ({ role: 'assistant', content });
const system = { role: 'system', content: 'You are a model of somebody else.' };

describe('what is new of what the caller said', () => {
  test.each([
    ['the first words', [ours('Hello.'), caller('When do you open?')], 0, { words: 'When do you open?', heard: 'Hello.' }],
    ['words in parts', [caller([{ type: 'text', text: 'When do' }, { type: 'image_url' }, { type: 'text', text: 'you open?' }])], 0, { words: 'When do  you open?', heard: '' }],
    ['the next words, and what was heard between', [ours('Hello.'), caller('When do you open?'), ours('At eight.'), caller('¿Y cierran?')], 13, { words: '¿Y cierran?', heard: 'At eight.' }],
    ['nothing, asked again', [ours('Hello.'), caller('When do you open?')], 13, { words: '', heard: '', endsWithCaller: true }],
    ['nothing, asked because of something else', [caller('When do you open?'), ours('At eight.'), system], 13, { words: '', heard: 'At eight.', endsWithCaller: false }],
    ['an entry that has grown', [caller('I want to book a room.')], 7, { words: 'book a room.', heard: '' }],
    ['an entry that was written anew, with other marks', [caller('I want to: book a room.')], 7, { words: 'book a room.', heard: '' }],
    ['a second entry before an answer', [caller('I want to'), caller('book a room.')], 7, { words: 'book a room.', heard: '' }],
    ['two of which nobody has asked', [caller('Hm.'), ours('Yes'), caller('I want'), ours('At'), caller('a room.')], 2, { words: 'I want a room.', heard: 'Yes At' }],
    ['the last words of a history that was shortened', [caller('Ah.'), ours('At eight.'), caller('And on'), caller('Sunday?')], 300, { words: 'And on Sunday?', heard: '' }],
    ['noises', [ours('Hello.'), caller('…')], 0, { words: '', heard: '' }],
    ['what is no text at all', [caller(null), caller({ text: 'no' }), { role: 'tool', content: 'no' }], 0, { words: '', heard: '' }],
  ])('%s', (_, history, taken, expected) => {
    expect(newsIn([system, ...history], taken)).toMatchObject(expected);
  });

  test('whatever way the words come, each is taken once', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 20 });
    fc.assert(fc.property(words, fc.array(fc.nat(4)), (all, steps) => {
      const taken: string[] = [];
      let letters = 0;
      for (let at = 0, step = 0; at < all.length; step++) {
        at = Math.min(all.length, at + 1 + (steps[step] ?? 0));
        // One entry that grows, or one for each word: Vapi has both.
        const history = step % 2 === 0 ? [caller(all.slice(0, at).join(' '))] : all.slice(0, at).flatMap((word) => [caller(word), ours('Yes.')]).slice(0, -1);
        const news = newsIn(history, letters);
        letters = news.upTo;
        if (news.words) taken.push(news.words);
      }
      expect(taken.join(' ')).toBe(all.join(' '));
    }));
  });
});

describe('how much of ours was heard', () => {
  const one = [{ id: 'm1', body: 'We open at eight, and close at six.' }];
  test.each([
    ['all of it', one, 'We open at eight and close at six', [], ['heard']],
    ['all of it, and then a question of the house\'s own', one, 'We open at eight, and close at six. Are you still there?', ['Are you still there?'], ['heard']],
    ['a part', one, 'We open at eight', [], ['cut', 'We open at eight,']],
    ['a part, behind what filled a pause', one, 'One moment, please. We open', ['One moment, please.'], ['cut', 'We open']],
    ['nothing', one, '', [], ['unheard']],
    ['nothing but what filled a pause', one, 'One moment, please.', ['One moment, please.'], ['unheard']],
    ['nothing at all, of nothing', [], 'Hello.', [], []],
  ])('%s', (_, unsettled, heard, fillers, [hearing, body]) => {
    expect(settledBy(unsettled, heard, fillers)).toMatchObject(hearing ? [{ messageId: 'm1', hearing, ...(body ? { body } : {}) }] : []);
  });

  test('of two the second is cut first', () => {
    const two = [{ id: 'm1', body: 'Hello.' }, { id: 'm2', body: 'We open at eight.' }];
    expect(settledBy(two, 'Hello. We', []).map(({ hearing }) => hearing)).toEqual(['heard', 'cut']);
    expect(settledBy(two, 'Hell', []).map(({ hearing }) => hearing)).toEqual(['cut', 'unheard']);
  });
});
