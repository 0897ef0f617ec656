/** 30 s in frames of 20 ms. */
const MOST_FRAMES = 1_500;
/** What belongs to the first word before it is noticed that there is one. */
const LEAD_FRAMES = 50;

/** What the caller said last, as sound, for as long as it may have to be heard once more: a line to the model may break before anybody has written it down. */
export class CallerSound {
  private frames: string[] = [];
  /** So many of them, the last ones, nobody has heard. */
  private fresh = 0;

  /** @param frame base64 */
  take(frame: string, isHeard: boolean): void {
    this.frames.push(frame);
    if (this.frames.length > MOST_FRAMES) this.frames.shift();
    this.fresh = isHeard ? 0 : Math.min(this.fresh + 1, this.frames.length);
  }

  /** The caller begins to speak: what was before is over. */
  begins(): void {
    this.frames = this.frames.slice(-LEAD_FRAMES);
    this.fresh = Math.min(this.fresh, this.frames.length);
  }

  /** @param again also what somebody has heard who is gone */
  toHear(again: boolean): string[] {
    const frames = this.frames.slice(again ? 0 : this.frames.length - this.fresh);
    this.fresh = 0;
    return frames;
  }
}
