import { eventually } from './eventually.js';
import type { House } from './house.js';

interface Sound {
  kind: string;
  text: string;
  until: string | null;
  language?: string;
  isCut?: true;
}

/** Kinds of sounds that are words of ours. */
const WORDS = new Set(['relay', 'say', 'stream']);

/** Somebody on the phone with us. */
export class Caller {
  private listened = 0;

  constructor(private readonly house: House, readonly callSid: string) {}

  /** Says this, as soon as somebody listens. @returns what took it in: relay, gather, record */
  async says(text: string, language = 'en-US'): Promise<string> {
    return eventually(() => `somebody to listen to "${text}"; the call: ${JSON.stringify(this.house.twilio.callState(this.callSid))}, heard ${JSON.stringify(this.heard())}`, () => (
      this.house.twilio.callState(this.callSid).status === 'in-progress' ? this.house.twilio.speak(this.callSid, { text, language }).takenBy : null));
  }

  async presses(digits: string): Promise<void> {
    await eventually('somebody to take keys', () => this.house.twilio.press(this.callSid, digits).takenBy);
  }

  /** Waits for words like these that were not waited for before. What was said before them has been heard as well. @returns the words */
  async hears(pattern: RegExp, withinMs?: number): Promise<string> {
    return eventually(
      () => `the caller to hear ${pattern}; heard ${JSON.stringify(this.heard())} ${JSON.stringify(this.house.twilio.callState(this.callSid).problems)}`,
      () => {
        const sounds = this.heard();
        const at = sounds.findIndex(({ kind }, index) => index >= this.listened && WORDS.has(kind) && pattern.test(sentenceAt(sounds, index)));
        if (at < 0) return undefined;
        this.listened = at + 1;
        return sentenceAt(sounds, at);
      }, withinMs,
    );
  }

  /** Waits until nothing is said any more. */
  async hearsAllOf(pattern: RegExp): Promise<string> {
    const words = await this.hears(pattern);
    await eventually(`"${words}" to be said`, () => this.heard().every(({ until }) => until !== null));
    return words;
  }

  /** Waits for words of somebody else in the room. */
  async hearsPerson(pattern: RegExp): Promise<void> {
    await eventually(() => `a voice to say ${pattern}; heard ${JSON.stringify(this.heard())}`, () => this.heard().some(({ kind, text }) => kind === 'voice' && pattern.test(text)));
  }

  /** Waits for the tone of voicemail. */
  async hearsBeep(): Promise<void> {
    await eventually(() => `a beep; heard ${JSON.stringify(this.heard())}`, () => this.heard().some(({ kind }) => kind === 'beep'));
  }

  hangsUp(): void {
    this.house.twilio.hangUp(this.callSid);
  }

  /** Waits until the call is over. */
  async isOver(): Promise<void> {
    await eventually(() => `the call to end; heard ${JSON.stringify(this.heard())}`, () => this.house.twilio.callState(this.callSid).status === 'completed');
  }

  /** Everything that was said to them, oldest first. */
  words(): string[] {
    return this.heard().filter(({ kind }) => WORDS.has(kind)).map(({ text }) => text);
  }

  /** The connection between Twilio and us breaks. */
  loses(): void {
    this.house.twilio.breakRelay(this.callSid, 'drop');
  }

  heard(): Sound[] {
    return this.house.twilio.heard(this.callSid);
  }
}

/** What is said from there on: a sentence that falters, because whoever sends it was kept from it for a moment, is one sentence. */
function sentenceAt(sounds: readonly Sound[], index: number): string {
  const [first, ...rest] = sounds.slice(index);
  const end = rest.findIndex(({ kind, text }) => kind !== 'stream' || !text.startsWith(' '));
  const more = first!.kind === 'stream' ? rest.slice(0, end < 0 ? rest.length : end) : [];
  return [first!, ...more].map(({ text }) => text).join('');
}
