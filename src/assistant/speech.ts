import type { Audience } from './draft.js';
import { sayableSoFar } from './sayable.js';

/** Who carries words to the caller's ear. */
export interface Speaker {
  /** The words that follow are this message of the thread. Before it nothing is said. */
  begin(messageId: string): void;
  /** More of it, with the blank before it where there is one. */
  say(words: string): void;
}

/** Asks the record whether the assistant may speak now, and notes what it begins with. @returns the message's id; null when it may not */
export type AskToSpeak = (words: string) => Promise<string | null>;

/**
 * The words of one turn on their way to the caller, as they come. The record is asked before the first one: whoever has lost the word says
 * nothing at all. What was said cannot be taken back, so further answers of the same turn follow behind it.
 */
export class Speech implements Audience {
  private before = '';
  private present = '';
  private said = 0;
  private asking: Promise<string | null> | undefined;
  private id: string | null = null;
  private unsaidId: string | null = null;
  private isOver = false;

  constructor(private readonly speaker: Speaker, private readonly ask: AskToSpeak) {}

  /** All that was given to the speaker, or is about to be. */
  get words(): string {
    return this.before + this.present;
  }

  get messageId(): string | null {
    return this.id;
  }

  /** The record has allowed it, and noted it, but the caller was faster: nothing of it was said. */
  get unsaid(): string | null {
    return this.unsaidId;
  }

  begin(): void {}

  anew(): void {
    this.before = this.words.trimEnd();
    this.present = '';
  }

  grow(answer: string): void {
    this.extend(sayableSoFar(answer, false));
  }

  /** The answer is whole. */
  end(answer: string): void {
    this.extend(sayableSoFar(answer, true).trimEnd());
  }

  /** A sentence of the house's own, behind what was said before. */
  async line(text: string): Promise<void> {
    this.anew();
    this.end(text);
    await this.allowed();
  }

  /** Nothing is said from here on. */
  hush(): void {
    this.isOver = true;
  }

  /** Whether something was said. Waits for the record where that has been asked and has not answered. */
  async allowed(): Promise<boolean> {
    return (await this.asking ?? null) !== null;
  }

  private extend(text: string): void {
    const lead = this.before !== '' && text !== '' ? ' ' : '';
    if (lead.length + text.length <= this.present.length) return;
    this.present = lead + text;
    if (this.words.trim() === '' || this.isOver) return;
    if (!this.asking) {
      this.asking = this.ask(this.words).then((id) => this.open(id));
      // Whoever waits for it is told; until then nobody may.
      this.asking.catch(() => undefined);
    }
    if (this.id) this.flush();
  }

  private open(id: string | null): string | null {
    if (id === null || this.isOver) {
      this.isOver = true;
      this.unsaidId = id;
      return null;
    }
    this.id = id;
    this.speaker.begin(id);
    this.flush();
    return id;
  }

  private flush(): void {
    const { words } = this;
    if (this.isOver || words.length <= this.said) return;
    const more = words.slice(this.said);
    this.said = words.length;
    this.speaker.say(more);
  }
}
