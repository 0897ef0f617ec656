const RATE = 8_000;
const SECONDS = 20;
const HEADER_BYTES = 44;
/** Four chords, in hertz, each for a quarter of the time. */
const CHORDS = [[261.6, 329.6, 392], [220, 261.6, 329.6], [174.6, 220, 261.6], [196, 246.9, 293.7]];
const LOUDNESS = 0.12;

let composed: Buffer | undefined;

/** Quiet chords for whoever waits, as a WAV file of 8-bit sound: ours, so that it needs no licence and no other server. Composed once: anybody may ask for it. */
export const holdMusic = (): Buffer => (composed ??= compose());

function compose(): Buffer {
  const samples = RATE * SECONDS;
  const file = Buffer.alloc(HEADER_BYTES + samples);
  file.write('RIFF', 0);
  file.writeUInt32LE(HEADER_BYTES - 8 + samples, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE, 28);
  file.writeUInt16LE(1, 32);
  file.writeUInt16LE(8, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples, 40);
  const each = samples / CHORDS.length;
  for (let at = 0; at < samples; at++) {
    const within = (at % each) / each;
    const swell = Math.sin(Math.PI * within) * LOUDNESS;
    const tone = CHORDS[Math.floor(at / each)]!.reduce((sum, hertz) => sum + Math.sin((2 * Math.PI * hertz * at) / RATE), 0);
    file[HEADER_BYTES + at] = Math.round(128 + 127 * swell * tone);
  }
  return file;
}
