import { Caller } from './caller.js';
import { eventually } from './eventually.js';
import type { House } from './house.js';

const RINGING = new Set(['ringing']);
const OVER = new Set(['completed', 'busy', 'no-answer', 'failed', 'canceled']);

/** Somebody who is called when a caller asks for a person. */
export class Specialist {
  private taken = 0;

  constructor(private readonly house: House, readonly name: string, readonly phone: string) {}

  /** Waits until their phone rings. @returns their side of that call */
  async rings(): Promise<Caller> {
    const call = await eventually(() => `${this.name}'s phone to ring; their calls: ${JSON.stringify(this.calls())}`, () =>
      this.calls().find(({ status }, index) => index >= this.taken && RINGING.has(status)));
    this.taken = this.calls().length;
    return new Caller(this.house, call.callSid);
  }

  /** Picks up, and hears who calls. */
  async answers(): Promise<Caller> {
    const call = await this.rings();
    this.house.twilio.answer(call.callSid);
    await call.hears(/Press 1/);
    return call;
  }

  /** Their phone rings, and they take the call. */
  async accepts(): Promise<Caller> {
    const call = await this.answers();
    await call.presses('1');
    return call;
  }

  /** Their voicemail picks up, hears it all, and presses nothing. */
  async voicemailAnswers(): Promise<void> {
    const call = new Caller(this.house, (await eventually(`${this.name} to be called`, () => this.calls()[0])).callSid);
    for (const _ of [1, 2]) {
      await call.hearsAllOf(/Press 1/);
      await this.house.forward('10s');
    }
    await call.hears(/No key was pressed/);
  }

  async declines(): Promise<void> {
    this.house.twilio.decline((await this.rings()).callSid);
  }

  /** Waits until nothing of theirs rings or goes on any more. */
  async isLeftAlone(): Promise<void> {
    await eventually(() => `${this.name} to be left alone: ${JSON.stringify(this.calls())}`, () => this.calls().every(({ status }) => OVER.has(status)));
  }

  calls(): { callSid: string; status: string }[] {
    return this.house.twilio.calls(this.phone);
  }
}
