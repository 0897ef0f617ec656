/** In bytes: a few hundred sentences. */
const MOST_BYTES = 32_000_000;

const letters = (words: string): string => words.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** What the house itself says, in the model's voice, as it was said once: said again it needs no model, and no time. The ones not used for longest go. */
export class RecordedLines {
  private readonly lines = new Map<string, Buffer>();
  private bytes = 0;

  /** @param voice which voice says it */
  of(voice: string, words: string): Buffer | null {
    const key = `${voice}/${words}`;
    const sound = this.lines.get(key);
    if (!sound) return null;
    this.lines.delete(key);
    this.lines.set(key, sound);
    return sound;
  }

  /** @param said what the model has made of the words: kept only where it is just those */
  keep(voice: string, words: string, said: string, sound: Buffer): void {
    if (letters(said) !== letters(words) || sound.length === 0 || this.lines.has(`${voice}/${words}`)) return;
    this.lines.set(`${voice}/${words}`, sound);
    this.bytes += sound.length;
    for (const [key, oldest] of this.lines) {
      if (this.bytes <= MOST_BYTES) return;
      this.lines.delete(key);
      this.bytes -= oldest.length;
    }
  }
}
