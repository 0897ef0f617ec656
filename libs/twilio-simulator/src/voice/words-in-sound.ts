/** A frame of Twilio's: 20 ms of µ-law sound at 8 kHz. */
export const FRAME_BYTES = 160;

const SILENCE = 0xff;

/**
 * Words as sound that a program can understand: each byte of their UTF-8 begins a frame of its own, the rest of which is silence (0xFF, which
 * no UTF-8 contains). Whoever handles sound as sound cannot tell; a stand-in for a speech engine reads them, and answers in kind.
 */
export function soundOf(words: string): Buffer {
  const bytes = Buffer.from(words);
  const sound = Buffer.alloc(bytes.length * FRAME_BYTES, SILENCE);
  bytes.forEach((byte, at) => (sound[at * FRAME_BYTES] = byte));
  return sound;
}

/** The words in such sound, wherever it was cut; of other sound whatever its bytes say. */
export const wordsOf = (sound: Buffer): string => spoken(sound).toString('utf8');

/** The bytes of words in it. */
export const spoken = (sound: Buffer): Buffer => Buffer.from(sound.filter((byte) => byte !== SILENCE));

export const silence = (frames: number): Buffer => Buffer.alloc(frames * FRAME_BYTES, SILENCE);
