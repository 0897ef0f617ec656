/**
 * The one source of time. Product code takes a `Clock` by injection and never calls `Date.now()`,
 * so that a test, or the page of phones, can move time for the whole house.
 */
export abstract class Clock {
  abstract now(): Date;

  /** Milliseconds since the epoch. */
  ms(): number {
    return this.now().getTime();
  }

  /** The instant `ms` milliseconds from now. */
  in(ms: number): Date {
    return new Date(this.ms() + ms);
  }
}

/** Wall-clock time plus an offset that only ever grows: time may be moved forward, never back. */
export class ShiftableClock extends Clock {
  private offsetMs = 0;

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  get offset(): number {
    return this.offsetMs;
  }

  forward(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`clock.forward: expected milliseconds >= 0, got ${ms}`);
    this.offsetMs += ms;
  }
}

/** A clock that stands still until it is moved. For tests of one service. */
export class FixedClock extends Clock {
  constructor(private current = new Date('2026-01-05T09:00:00.000Z')) {
    super();
  }

  now(): Date {
    return new Date(this.current);
  }

  forward(ms: number): void {
    this.current = new Date(this.current.getTime() + ms);
  }
}
