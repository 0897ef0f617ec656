import { Caller } from './caller.js';
import { eventually } from './eventually.js';
import { Phone } from './phone.js';

/** Somebody who is called when a caller asks for a person. */
export class Specialist extends Phone {
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
}
