import { type Happenings, tell } from '@throughline/live/live.js';

type To = Pick<Happenings['draft'], 'tenantId' | 'channel' | 'address'>;

/** About ten times a second: smooth to read, and no flood of sockets. */
const EVERY_MS = 100;
/** Whoever is shown that somebody types forgets it after ten seconds. */
const TYPING_EVERY_MS = 8_000;

/** Who gets the assistant's words while it still thinks. */
export interface Audience {
  begin(): void;
  /** @param words all of the present answer so far */
  grow(words: string): void;
  /** Another answer begins: there was a tool to be used in between. */
  anew(): void;
}

/** What the customer is shown while the assistant still thinks: that it writes, and its words so far. Nothing of it has to arrive. */
export class Draft implements Audience {
  private words = '';
  private shown = '';
  private index = 0;
  private growing: NodeJS.Timeout | undefined;
  private typing: NodeJS.Timeout | undefined;

  /**
   * @param to nobody, on channels that show nothing before it is whole
   * @param wording what of the model's words may be said
   */
  constructor(
    private readonly to: To | null,
    private readonly turnId: string,
    private readonly name: string,
    private readonly wording: (text: string) => string,
  ) {}

  begin(): void {
    if (!this.to) return;
    this.type(true);
    this.typing = setInterval(() => this.type(true), TYPING_EVERY_MS);
  }

  grow(words: string): void {
    if (!this.typing) return;
    this.words = words;
    this.growing ??= setTimeout(() => this.show(), this.index === 0 ? 0 : EVERY_MS);
  }

  /** What is shown is replaced by the next answer's words. */
  anew(): void {}

  /** @param said whether the words are in the thread now */
  end(said: boolean): void {
    clearTimeout(this.growing);
    clearInterval(this.typing);
    if (!this.to || !this.typing) return;
    this.typing = undefined;
    this.type(false);
    if (this.index > 0) tell('draftEnd', { ...this.to, turnId: this.turnId, said });
  }

  private show(): void {
    this.growing = undefined;
    const text = this.wording(this.words);
    if (text === '' || text === this.shown) return;
    this.shown = text;
    tell('draft', { ...this.to!, turnId: this.turnId, index: this.index++, text });
  }

  private type(on: boolean): void {
    tell('typing', { ...this.to!, by: 'assistant', name: this.name, on });
  }
}
