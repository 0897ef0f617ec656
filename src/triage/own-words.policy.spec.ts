import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keyOfTerm, languageOf, OwnWords } from './own-words.policy.js';
import { tokensOf } from './text.policy.js';

const term = (text: string, urgency = 4, more: { match?: 'words' | 'prefix'; languages?: string[] } = {}) => ({ term: text, urgency, match: 'words' as const, languages: [], ...more });

test.each([
  [term('freezer'), 'CRITICAL: Freezer temperature', true], [term('freezer'), 'freezers', false], [term('freezer', 4, { match: 'prefix' }), 'two freezers', true], [term('Freezer Temperature'), 'freezer-temperature is 4', true],
  [term('freezer temperature'), 'the temperature of the freezer', false], [term('freezer temp', 4, { match: 'prefix' }), 'freezer temperatures', true], [term('freezer temp'), 'freezer temperatures', false],
  [term('Gefrierschrank'), 'Der GEFRIERSCHRANK taut', true], [term('dégât des eaux'), 'un degat des eaux', true], [term("l'eau coule"), 'L’eau coule!', true], [term('wasserschaden', 4, { match: 'prefix' }), 'wasserschadens', true],
  [term('(ab+)+$'), 'abbb', false], [term('.*'), 'anything', false], [term('up'), 'is it up?', true], [term('4711'), 'device 4711 failed', true], [term('сервер'), 'Сервер не отвечает', true], [term('冷凍庫'), '大変です、冷凍庫が故障しました', true], [term('冷凍庫'), '冷蔵庫', false],
])('%p in %p: %p', (own, text, expected) => {
  expect(new OwnWords([own]).urgencyIn(text)).toEqual(expected ? { urgency: own.urgency, words: own.term } : null);
});

test('the most urgent of several counts', () => {
  expect(new OwnWords([term('server', 2), term('server room', 5), term('room', 3)]).urgencyIn('Smoke in the server room')).toEqual({ urgency: 5, words: 'server room' });
});

test.each([
  ['I have a gift for you and it is in the office', null], ['Das ist Gift und mein Kind hat es gegessen', 4], ['Gift', 4], ['gift, please', 4],
])('a word of one language is none of another, where that is sure: %p', (text, urgency) => {
  expect(new OwnWords([term('gift', 4, { languages: ['de'] })]).urgencyIn(text)?.urgency ?? null).toBe(urgency);
});

test('the language of a text is known where its small words leave no doubt', () => {
  const languages = ['Where is the key and what do you need', 'Ich habe nicht auf die Uhr gesehen', 'El agua está en la casa y hay que venir', "Bonjour, il y a de l'eau et je ne sais pas", 'OK', ''].map((text) => languageOf(tokensOf(text.toLowerCase())));
  expect(languages).toEqual(['en', 'de', 'es', 'fr', null, null]);
});

test('whatever is looked for in whatever text, it is found where it stands', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), fc.lorem(), (text, around) => {
    const words = new OwnWords([term(text, 5)]);
    const found = words.urgencyIn(`${around}. ${text} ${around}`);
    expect(found === null).toBe(keyOfTerm(text) === '');
  }));
});
