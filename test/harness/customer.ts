import { Caller } from './caller.js';
import { eventually } from './eventually.js';
import type { House } from './house.js';
import { Phone } from './phone.js';

interface PhoneMessage {
  sid: string;
  direction: string;
  body: string;
  status: string;
}

/** Twilio has them, but no phone ever showed them. */
const NEVER_ARRIVED = new Set(['failed', 'undelivered']);

/** A person with a phone. */
export class Customer {
  /** As far as we call it. */
  readonly phone: Phone;
  private readonly expected = new Set<string>();

  constructor(
    private readonly house: House,
    readonly address: string,
    readonly ourNumber: string,
  ) {
    this.phone = new Phone(house, 'the customer', address);
  }

  /** Sends a text to our number, with files attached where given by address or as `data:` URLs. @returns Twilio's sid of it */
  texts(body: string, mediaUrls: string[] = []): string {
    return this.house.twilio.text({ from: this.address, to: this.ourNumber, body, mediaUrls }).messageSid;
  }

  /** Calls our number. @param caller what the carrier says of the number, or that it is hidden */
  calls({ attested = true, from = this.address }: { attested?: boolean; from?: string } = {}): Caller {
    const stirVerstat = attested ? 'TN-Validation-Passed-A' : undefined;
    return new Caller(this.house, this.house.twilio.placeCall({ from, to: this.ourNumber, ...(stirVerstat ? { stirVerstat } : {}) }).callSid);
  }

  /** From now on the phone behaves like this: `read`, `silent`, `undelivered:30003`, `rejected:21211` … */
  hasPhone(outcome: string): this {
    this.house.twilio.setPhone({ address: this.address, outcome });
    return this;
  }

  /** Waits for a text that has not been expected before and says this. @returns its body */
  async expectsSms(pattern: RegExp, withinMs?: number): Promise<string> {
    const message = await eventually(
      () => `a text to ${this.address} like ${pattern}; got ${JSON.stringify(this.inbox().map((text) => text.body))}`,
      () => this.inbox().find((text) => !this.expected.has(text.sid) && pattern.test(text.body)),
      withinMs,
    );
    this.expected.add(message.sid);
    return message.body;
  }

  /** Everything that has arrived on this phone, oldest first. */
  inbox(): PhoneMessage[] {
    return this.house.twilio.phone(this.address).messages.filter((message) =>
      message.direction === 'received' && !NEVER_ARRIVED.has(message.status));
  }

  unexpected(): { to: string; body: string }[] {
    return this.inbox().filter((text) => !this.expected.has(text.sid)).map((text) => ({ to: this.address, body: text.body }));
  }
}
