import type { World } from '../world.js';
import type { Heard, Leg } from './leg.js';
import { FRAME_BYTES, spoken } from './words-in-sound.js';

const LONGEST_WORDS = 4_000;

type Piece = { sound: Buffer } | { mark: string };

/** Sound that an app has sent, played one after the other, and the marks between it. */
export class Playout {
  private queue: Piece[] = [];
  private heard: { entry: Heard; sound: Buffer } | undefined;
  private takeBack: (() => void) | undefined;

  constructor(private readonly world: World, private readonly leg: Leg, private readonly reached: (mark: string) => void) {}

  add(piece: Piece): void {
    this.queue.push(piece);
    if (!this.takeBack) this.goOn(this.world.clock.ms());
  }

  /** What has not sounded yet never will; the marks in it are reached at once. */
  clear(): void {
    this.takeBack?.();
    this.takeBack = undefined;
    const marks = this.queue.flatMap((piece) => ('mark' in piece ? [piece.mark] : []));
    const isCut = this.queue.length > marks.length;
    this.queue = [];
    this.ends(isCut);
    for (const mark of marks) this.reached(mark);
  }

  /** A frame takes as long as a character that is said. */
  private goOn(now: number): void {
    this.takeBack = undefined;
    const pace = this.world.switches.values.speechMsPerChar;
    for (let [piece] = this.queue; piece; [piece] = this.queue) {
      if ('mark' in piece) {
        this.queue.shift();
        this.reached(piece.mark);
      } else {
        this.plays(piece.sound.subarray(0, FRAME_BYTES));
        if (piece.sound.length > FRAME_BYTES) this.queue[0] = { sound: piece.sound.subarray(FRAME_BYTES) };
        else this.queue.shift();
        if (pace > 0) return void (this.takeBack = this.world.scheduler.at(now + pace, 'walk', (at) => this.goOn(at)));
      }
    }
    this.ends(false);
  }

  private plays(frame: Buffer): void {
    this.heard ??= { entry: this.leg.sounds('stream', ''), sound: Buffer.alloc(0) };
    // Of sound that is no words, what its bytes say is of no use however long it lasts.
    if (this.heard.sound.length < LONGEST_WORDS) this.heard.sound = Buffer.concat([this.heard.sound, spoken(frame)]);
    this.heard.entry.text = this.heard.sound.toString('utf8');
  }

  private ends(isCut: boolean): void {
    if (this.heard) this.leg.falls(this.heard.entry, isCut ? this.heard.entry.text : undefined);
    this.heard = undefined;
  }
}
