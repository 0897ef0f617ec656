import { Caller } from './caller.js';
import { eventually } from './eventually.js';
import type { House } from './house.js';

const OVER = new Set(['completed', 'busy', 'no-answer', 'failed', 'canceled']);

/** A phone that we call. */
export class Phone {
  private taken = 0;

  constructor(protected readonly house: House, readonly name: string, readonly phone: string) {}

  /** Waits until it rings. @returns this side of that call */
  async rings(): Promise<Caller> {
    const call = await eventually(() => `${this.name}'s phone to ring; their calls: ${JSON.stringify(this.calls())}`, () =>
      this.calls().find(({ status }, index) => index >= this.taken && status === 'ringing'));
    this.taken = this.calls().length;
    return new Caller(this.house, call.callSid);
  }

  /** Waits until nothing rings or goes on any more. */
  async isLeftAlone(): Promise<void> {
    await eventually(() => `${this.name} to be left alone: ${JSON.stringify(this.calls())}`, () => this.calls().every(({ status }) => OVER.has(status)));
  }

  /** The calls that we have made to it. */
  calls(): { callSid: string; status: string }[] {
    return this.house.twilio.calls(this.phone).filter(({ direction }) => direction !== 'inbound');
  }
}
