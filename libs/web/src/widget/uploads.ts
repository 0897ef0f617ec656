import { type Hub, Refusal } from './hub.js';
import type { Enclosed } from './thread.js';
import type { WidgetWords } from './words/words.types.js';

const MEGABYTE = 1_048_576;
const MOST_MEGABYTES = 16;
/** In one message. */
const MOST_FILES = 10;

export interface Upload {
  key: number;
  name: string;
  /** 0 to 1. */
  share: number;
  enclosed: Enclosed | null;
  trouble: string | null;
}

/** The files that belong to the message being written; they go to the hub at once, and the message only names them. */
export class Uploads {
  all: Upload[] = [];
  private readonly aborts = new Map<number, AbortController>();
  private nextKey = 1;

  constructor(
    private readonly hub: Hub,
    private readonly words: WidgetWords,
    private readonly changed: (all: Upload[]) => void,
  ) {}

  /** As many of them as a message may have. */
  add(files: Iterable<File>): void {
    for (const file of [...files].slice(0, MOST_FILES - this.all.length)) void this.take(file);
  }

  remove(key: number): void {
    this.aborts.get(key)?.abort();
    this.aborts.delete(key);
    this.set(this.all.filter((one) => one.key !== key));
  }

  /** Hands over what is there, and begins anew. */
  clear(): Enclosed[] {
    const enclosed = this.all.flatMap((one) => one.enclosed ?? []);
    this.set([]);
    return enclosed;
  }

  private async take(file: File): Promise<void> {
    const key = this.nextKey++;
    const isTooLarge = file.size > MOST_MEGABYTES * MEGABYTE;
    this.set([...this.all, { key, name: file.name, share: 0, enclosed: null, trouble: isTooLarge ? this.words.tooLarge(MOST_MEGABYTES) : null }]);
    if (isTooLarge) return;
    const abort = new AbortController();
    this.aborts.set(key, abort);
    try {
      const { id, contentType, size } = await this.hub.upload(file, (share) => this.change(key, { share }), abort.signal);
      this.change(key, { share: 1, enclosed: { id, name: file.name, contentType, size } });
    } catch (error) {
      this.change(key, { trouble: this.reasonOf(error) });
    }
  }

  private reasonOf(error: unknown): string {
    const status = error instanceof Refusal ? error.problem.status : 0;
    if (status === 413) return this.words.tooLarge(MOST_MEGABYTES);
    if (status === 429) return this.words.tooMany;
    return status === 400 ? this.words.notTaken : this.words.trouble;
  }

  private change(key: number, news: Partial<Upload>): void {
    this.set(this.all.map((one) => (one.key === key ? { ...one, ...news } : one)));
  }

  private set(all: Upload[]): void {
    this.all = all;
    this.changed(all);
  }
}
