/**
 * What goes wrong with the next mail that is handed in.
 * - `reply`: the server refuses it with this reply, at this command
 * - `drop`: the connection breaks when all of the mail is there; `taken` says whether the server has it all the same
 */
export type MailFault =
  | { kind: 'reply'; at: 'MAIL' | 'RCPT' | 'DATA'; code: number; text: string }
  | { kind: 'drop'; taken: boolean };

/** Faults that wait for their mail, in order. */
export class MailFaults {
  private readonly waiting: MailFault[] = [];

  add(fault: MailFault): void {
    this.waiting.push(fault);
  }

  list(): readonly MailFault[] {
    return this.waiting;
  }

  clear(): void {
    this.waiting.length = 0;
  }

  /** The first one, if it is of this kind and place. */
  take(matches: (fault: MailFault) => boolean): MailFault | null {
    const [first] = this.waiting;
    return first && matches(first) ? this.waiting.shift()! : null;
  }
}
