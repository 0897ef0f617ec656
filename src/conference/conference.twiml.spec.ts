import { expect, test } from '@jest/globals';
import { ConferenceTwiml } from './conference.twiml.js';

const twiml = new ConferenceTwiml('https://hub.example', 'en-US');
const played = (piece: number, music?: string | string[]): (string | undefined)[] => {
  const document = twiml.wait('Still looking.', music, piece);
  return [/<Play>(.*?)<\/Play>/.exec(document)?.[1], /wait\?piece=(\d+)/.exec(document)?.[1]];
};

test('a waiting caller hears a word, a piece of music, and then the next piece, round and round', () => {
  expect(twiml.wait('Still looking.', undefined, 0)).toMatch(/^<\?xml[^>]*><Response><Say language="en-US">Still looking\.<\/Say><Play>https:\/\/hub\.example\/.*music\.wav<\/Play><Redirect method="POST">/);
  const pieces = ['https://music.example/1.mp3', 'https://music.example/2.mp3'];
  expect([0, 1, 2].map((piece) => played(piece, pieces))).toEqual([[pieces[0], '1'], [pieces[1], '2'], [pieces[0], '3']]);
  expect(played(7, 'https://music.example/long.mp3')).toEqual(['https://music.example/long.mp3', '8']);
});
