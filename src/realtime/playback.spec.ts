import { expect, test } from '@jest/globals';
import type { MediaReply } from '@throughline/twilio/voice.types.js';
import fc from 'fast-check';
import { Playback, Spoken } from './playback.js';

const MS = 8;
const sound = (ms: number): Buffer => Buffer.alloc(ms * MS);

function player() {
  const sent: MediaReply[] = [];
  const ended: Spoken[] = [];
  const playback = new Playback((frame) => sent.push(frame), (spoken) => ended.push(spoken));
  const marks = (): string[] => sent.flatMap((frame) => (frame.event === 'mark' ? [frame.mark.name] : []));
  return { playback, sent, ended, marks };
}

function saying(playback: Playback, words: string, ms: number): Spoken {
  const spoken = new Spoken('message');
  playback.begin(spoken);
  playback.add(spoken, 'item', sound(ms));
  spoken.part('item').words = words;
  return spoken;
}

test('what was played to its end is known by the last mark, and not before it is whole', () => {
  const { playback, ended, marks } = player();
  const spoken = saying(playback, 'Good morning.', 500);
  expect(marks()).toHaveLength(3);
  for (const name of marks()) playback.reached(name);
  expect([ended, playback.leftMs]).toEqual([[], 0]);
  playback.close(spoken);
  expect(ended).toEqual([spoken]);
});

test('of what is cut the words are known that were heard, and nothing more of it is played', () => {
  const { playback, sent, marks } = player();
  const spoken = saying(playback, 'We open at eight in the morning', 1_000);
  playback.reached(marks()[2]!);
  expect(playback.cut()).toEqual([spoken]);
  expect(sent.at(-1)).toEqual({ event: 'clear' });
  expect([spoken.playedMs, spoken.heardWords]).toEqual([600, 'We open at eight']);
  const before = sent.length;
  // Twilio sends the marks of what was cleared, and the model the rest of what it had under way.
  for (const name of marks()) playback.reached(name);
  playback.add(spoken, 'item', sound(400));
  expect([sent.length, spoken.playedMs]).toEqual([before, 600]);
});

test('of several items the model is told how much of each was heard', () => {
  const { playback, marks } = player();
  const spoken = saying(playback, 'One moment.', 400);
  playback.add(spoken, 'second', sound(400));
  spoken.part('second').words = 'It is Tuesday';
  playback.reached(marks()[2]!);
  expect(spoken.heard.map(({ part, ms }) => [part.itemId, ms])).toEqual([['item', 400], ['second', 200]]);
  expect(spoken.heardWords).toBe('One moment. It is');
});

test('no more is ahead at Twilio than may come back at once, and all of it is played in the end', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 8 }), (pieces) => {
    const { playback, sent, marks, ended } = player();
    const spoken = new Spoken('message');
    playback.begin(spoken);
    for (const ms of pieces) playback.add(spoken, 'item', sound(ms));
    playback.close(spoken);
    for (let at = 0; at < marks().length; at += 1) {
      expect(marks().length - at).toBeLessThanOrEqual(20);
      playback.reached(marks()[at]!);
    }
    const bytes = sent.reduce((sum, frame) => sum + (frame.event === 'media' ? Buffer.from(frame.media.payload, 'base64').length : 0), 0);
    expect([bytes / MS, ended, playback.leftMs]).toEqual([pieces.reduce((sum, ms) => sum + ms, 0), [spoken], 0]);
  }), { numRuns: 30 });
});
