import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FixedClock } from '@throughline/kernel/clock.js';
import { Feed } from '../feed.js';
import { Scheduler } from '../scheduler.js';
import { SwitchBoard } from '../switches.js';
import type { World } from '../world.js';
import { Leg } from './leg.js';
import type { PhoneCall } from './rows.js';
import { Talk } from './talk.js';

const MANNER = { interruptible: 'any', preemptible: false } as const;
const PREEMPTIBLE = { ...MANNER, preemptible: true };

let clock: FixedClock;
let scheduler: Scheduler;
let leg: Leg;
let talk: Talk;
let told: string[];
let open: (speechMsPerChar: number) => void;

beforeEach(() => {
  clock = new FixedClock();
  scheduler = new Scheduler(clock);
  told = [];
  open = (speechMsPerChar) => {
    const switches = new SwitchBoard({ speechMsPerChar, playMs: 100 });
    const world = { clock, scheduler, switches, feed: new Feed() } as Partial<World> as World;
    leg = new Leg(world, { sid: 'CA1' } as PhoneCall);
    talk = new Talk(world, leg, { played: (text) => void told.push(text), speaking: (is) => void told.push(is ? '(' : ')') });
  };
  open(10);
});

afterEach(() => scheduler.close());

const forward = (ms: number): void => {
  clock.forward(ms);
  scheduler.runDue();
};
const heard = () => leg.heard.map(({ text, until, isCut }) => `${text}${isCut ? '-' : ''}${until === null ? '…' : ''}`);

test('tokens of one cycle are one utterance, heard at the speed of speech', () => {
  talk.say('Hello', false, MANNER);
  talk.say(' there.', true, MANNER);
  forward(50);
  expect([heard(), told]).toEqual([['Hello…'], ['(', 'Hello']]);
  forward(70);
  expect([heard(), told]).toEqual([['Hello there.'], ['(', 'Hello', ' there.', ')']]);
  expect(talk.current).toBeUndefined();
});

test('what is cut is heard in proportion to the time', () => {
  talk.say('0123456789', true, MANNER);
  talk.say('never said', true, MANNER);
  forward(34);
  expect(talk.cut()).toEqual({ heard: '012', ms: 34 });
  forward(1_000);
  expect(heard()).toEqual(['012-']);
  expect(talk.cut()).toBeUndefined();
});

test('words that come late are not made up for', () => {
  talk.say('ab', false, MANNER);
  forward(500);
  talk.say('cdef', false, MANNER);
  forward(20);
  expect(talk.cut()).toMatchObject({ heard: 'abcd' });
});

test('cycles follow one another; a new one takes the place of one that may be preempted', () => {
  talk.say('first', true, MANNER);
  talk.say('second', true, PREEMPTIBLE);
  forward(60);
  talk.say('third', true, MANNER);
  forward(50);
  expect(heard()).toEqual(['first', 's-', 'third']);
});

test('a file is played between words, as often as it says', () => {
  talk.say('a', true, MANNER);
  talk.play('https://x.test/a.mp3', 2, MANNER);
  talk.say('b', true, MANNER);
  forward(10);
  forward(199);
  expect(heard()).toEqual(['a', 'https://x.test/a.mp3…']);
  forward(1);
  forward(10);
  expect(heard()).toEqual(['a', 'https://x.test/a.mp3', 'b']);
});

test('an end without a beginning is nothing', () => {
  talk.say('', true, MANNER);
  expect([heard(), talk.current]).toEqual([[], undefined]);
});

test('where speech takes no time it is over at once, but the cycle lasts until its last token', () => {
  open(0);
  talk.say('all', false, MANNER);
  expect(talk.current).toBeDefined();
  talk.say('', true, MANNER);
  expect([heard(), talk.current]).toEqual([['all'], undefined]);
});
