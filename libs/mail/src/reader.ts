import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { HubError } from '@throughline/kernel/errors.js';
import { type Mail, mailOf, type PlainMail } from './mail.js';

/** The largest honest mail, of 25 MB, takes a tenth of it on a small machine that is busy. */
const MOST_MS = 10_000;
const MOST_START_MS = 60_000;
/** Threads at once: a mail that holds one up for its whole time does not keep all others waiting. */
const MOST_THREADS = 2;
const MOST_MEGABYTES = 512;
/** The built one, from the source as well: it is Node that starts a thread, and Node reads no TypeScript. */
const THREAD = new URL('../dist/reader.worker.js', import.meta.url);

/** Reads mails in threads of their own, so that none of them, whatever is in it, keeps this process from anything else. */
export class MailReader {
  private readonly idle = new Set<Worker>();
  private readonly waiting: (() => void)[] = [];
  private busy = 0;

  /** @param mostMs how long one mail may take, in milliseconds */
  constructor(private readonly mostMs = MOST_MS) {}

  /** @throws HubError `mail_unreadable` when it is none, or one that takes too long or too much; anything else may be well at another try */
  async read(raw: Buffer): Promise<Mail> {
    if (this.busy < MOST_THREADS) this.busy += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await this.readIn(await this.thread(), raw);
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.busy -= 1;
    }
  }

  /** By Nest, at the end. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(Array.from(this.idle, (thread) => thread.terminate()));
  }

  private async readIn(thread: Worker, raw: Buffer): Promise<Mail> {
    thread.ref();
    const mail = await answerFrom<PlainMail | null>(thread, this.mostMs, raw).catch(async (error: unknown) => {
      await thread.terminate();
      throw whyNot(error);
    });
    thread.unref();
    this.idle.add(thread);
    if (!mail) throw unreadable('It cannot be read');
    const files = mail.files.map((file) => ({ ...file, bytes: Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength) }));
    return mailOf({ ...mail, files });
  }

  private async thread(): Promise<Worker> {
    for (const thread of this.idle) {
      this.idle.delete(thread);
      return thread;
    }
    // Nothing of the environment: a thread that reads what strangers write needs no secrets.
    const thread = new Worker(THREAD, { env: {}, resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES } });
    thread.on('error', () => this.idle.delete(thread)).on('exit', () => this.idle.delete(thread));
    try {
      await answerFrom<'ready'>(thread, MOST_START_MS);
      return thread;
    } catch (cause) {
      await thread.terminate();
      throw new Error('The thread that reads mails does not start', { cause });
    }
  }
}

/** What the thread says next: once that it is there, then a mail for each, or null where it was none. */
async function answerFrom<T>(thread: Worker, ms: number, raw?: Buffer): Promise<T> {
  const late = new AbortController();
  // Where it is this process that was held up, the answer may have come meanwhile, and is heard before the next turn of the loop.
  const timer = setTimeout(() => setImmediate(() => late.abort()), ms);
  try {
    const answer = once(thread, 'message', { signal: late.signal });
    if (raw) thread.postMessage(raw);
    return ((await answer) as [T])[0];
  } finally {
    clearTimeout(timer);
  }
}

function whyNot(error: unknown): unknown {
  const { name, code } = error as NodeJS.ErrnoException;
  if (name === 'AbortError') return unreadable('It takes too long to read');
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? unreadable('It takes too much memory to read') : error;
}

const unreadable = (why: string): HubError => new HubError('invalid', 'mail_unreadable', why);
