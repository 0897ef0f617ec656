/** 20 ms of µ-law sound at 8 kHz. */
const FRAME_BYTES = 160;
const SILENCE = 0xff;

/**
 * Words as sound that a program can understand, as the Twilio simulator has them too: each byte of their UTF-8 begins a frame of its own, the rest
 * of which is silence (0xFF, which no UTF-8 contains).
 */
export function soundOf(words: string): Buffer {
  const bytes = Buffer.from(words);
  const sound = Buffer.alloc(bytes.length * FRAME_BYTES, SILENCE);
  bytes.forEach((byte, at) => (sound[at * FRAME_BYTES] = byte));
  return sound;
}

export const FRAME_MS = 20;
export const msOf = (sound: Buffer): number => (sound.length / FRAME_BYTES) * FRAME_MS;

/** Hears words in sound, and the pauses between them. */
export class Listener {
  private words: number[] = [];
  private silentBytes = 0;
  private isSpeaking = false;
  /** Of all that was heard. */
  ms = 0;

  constructor(private readonly pauseMs: () => number, private readonly tell: { started(atMs: number): void; stopped(words: string, atMs: number): void }) {}

  hear(sound: Buffer): void {
    for (const byte of sound) this.take(byte);
    this.ms += msOf(sound);
    const pauseBytes = (this.pauseMs() / FRAME_MS) * FRAME_BYTES;
    if (this.isSpeaking && this.silentBytes >= pauseBytes) this.end();
  }

  private take(byte: number): void {
    if (byte === SILENCE) {
      this.silentBytes += 1;
      return;
    }
    if (!this.isSpeaking) {
      this.isSpeaking = true;
      this.tell.started(this.ms);
    }
    this.silentBytes = 0;
    this.words.push(byte);
  }

  private end(): void {
    this.isSpeaking = false;
    const words = Buffer.from(this.words.splice(0)).toString('utf8');
    this.tell.stopped(words, this.ms);
  }
}
