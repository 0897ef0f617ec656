/** Notices that nobody has said anything for a while, counted from when our own words are spoken. */
export class Silence {
  private timer: NodeJS.Timeout | undefined;
  private lengthMs = 0;
  private times = 0;

  /** @param speakingMs how long our own words still last */
  constructor(private readonly speakingMs: () => number, private readonly noticed: (times: number) => Promise<void>) {}

  begin(lengthMs: number): void {
    this.lengthMs = lengthMs;
    this.arm();
  }

  /** Somebody has said something, or is about to. */
  broken(): void {
    this.times = 0;
    this.arm();
  }

  stop(): void {
    this.lengthMs = 0;
    clearTimeout(this.timer);
  }

  /** Counts from now, because our own words ended now. */
  arm(): void {
    clearTimeout(this.timer);
    if (this.lengthMs === 0) return;
    this.timer = setTimeout(() => this.strike(), this.lengthMs + this.speakingMs());
  }

  private strike(): void {
    // Something was said since the timer was set.
    if (this.speakingMs() > 0) return this.arm();
    this.times += 1;
    void this.noticed(this.times).then(() => this.arm());
  }
}

/** Silence on the phone sounds like a line that is dead: something is said when an answer takes long, and again. */
export class Filler {
  private timer: NodeJS.Timeout | undefined;

  constructor({ fillerMs, nextFillerMs }: { fillerMs: number; nextFillerMs: number }, say: (isFirst: boolean) => void) {
    this.timer = setTimeout(() => {
      say(true);
      this.timer = setInterval(() => say(false), nextFillerMs);
    }, fillerMs);
  }

  stop(): void {
    clearTimeout(this.timer);
    clearInterval(this.timer);
  }
}

/** Keys come one by one, and nobody says when a number is whole: the hash key does, or a pause. */
export class Keypad {
  private keys = '';
  private pause: NodeJS.Timeout | undefined;

  constructor(private readonly pauseMs: number, private readonly typed: (keys: string) => void) {}

  press(key: string): void {
    clearTimeout(this.pause);
    if (key !== '#') this.keys = `${this.keys}${key}`.slice(0, MOST_KEYS);
    if (key === '#') this.flush();
    else this.pause = setTimeout(() => this.flush(), this.pauseMs);
  }

  stop(): void {
    clearTimeout(this.pause);
    this.keys = '';
  }

  private flush(): void {
    const { keys } = this;
    this.stop();
    if (keys !== '') this.typed(keys);
  }
}

/** A card number has no business here, and nothing else is as long. */
const MOST_KEYS = 32;
