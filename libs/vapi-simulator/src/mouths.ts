import { FRAME_BYTES, silence, soundOf } from '@throughline/twilio-simulator/voice/words-in-sound.js';
import type { WebSocket } from 'ws';
import type { Mouth } from './call.types.js';

/** Words of one sentence, each with the blank before it. */
const WORDS = /\s*\S+\s*$|\s*\S+/g;

/** Speaks into a Media Stream of Twilio's. A mark behind each word says that it has sounded. */
export class StreamMouth implements Mouth {
  private marks = 0;
  private readonly waiting = new Map<string, () => void>();

  constructor(private readonly socket: WebSocket, private readonly streamSid: string) {}

  say(words: string, played: (piece: string) => void): void {
    for (const [piece] of words.matchAll(WORDS)) {
      const name = String((this.marks += 1));
      this.waiting.set(name, () => played(piece));
      this.send({ event: 'media', media: { payload: soundOf(piece).toString('base64') } });
      this.send({ event: 'mark', mark: { name } });
    }
  }

  /** Twilio says that it has played up to here, or that it never will. */
  reached(mark: string): void {
    this.waiting.get(mark)?.();
    this.waiting.delete(mark);
  }

  cut(): void {
    this.waiting.clear();
    this.send({ event: 'clear' });
  }

  close(): void {
    this.socket.close(1000);
  }

  private send(frame: object): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(JSON.stringify({ ...frame, streamSid: this.streamSid }));
  }
}

/** Frames of silence after which somebody has said what they wanted to say: 400 ms, as Vapi waits. */
const END_OF_SPEECH = 20;

/** Finds in the sound of a caller where they begin to speak, and what they have said. */
export class StreamEar {
  private sound = Buffer.alloc(0);
  private silent = 0;

  constructor(private readonly began: () => void, private readonly said: (words: string) => void) {}

  takes(frame: Buffer): void {
    const isSilence = frame.equals(silence(1).subarray(0, frame.length));
    if (isSilence && this.sound.length === 0) return;
    if (!isSilence) {
      if (this.sound.length === 0) this.began();
      this.sound = Buffer.concat([this.sound, frame.subarray(0, FRAME_BYTES)]);
      this.silent = 0;
    } else if (++this.silent >= END_OF_SPEECH) {
      const words = Buffer.from(this.sound.filter((byte) => byte !== 0xff)).toString('utf8');
      this.sound = Buffer.alloc(0);
      this.silent = 0;
      this.said(words);
    }
  }
}

/** For a number that Vapi answers itself: what is said has been heard at once. */
export class PlainMouth implements Mouth {
  readonly heard: string[] = [];

  say(words: string, played: (piece: string) => void): void {
    this.heard.push(words.trim());
    setImmediate(() => played(words));
  }

  cut(): void {}

  close(): void {}
}
