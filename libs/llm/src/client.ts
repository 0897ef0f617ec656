import { HubError } from '@throughline/kernel/errors.js';
import OpenAI from 'openai';
import { Agent, fetch } from 'undici';
import { modelFailure, modelStoppedHalfway } from './errors.js';
import type { ModelAnswer, ModelEvent, ModelRequest } from './model.types.js';
import { Reading } from './reading.js';
import { AnswerWatch } from './watch.js';
import { toWire, type Chunk } from './wire.js';

export interface ModelTimeouts {
  /** From each try to its first token. */
  firstTokenMs: number;
  /** Between two tokens. */
  gapMs: number;
  /** For the whole answer, retries included. */
  wholeMs: number;
}

export interface ModelClientOptions {
  apiKey: string;
  /** Any server that speaks chat completions. Default: OpenAI. */
  baseUrl?: string;
  model: string;
  timeouts?: Partial<ModelTimeouts>;
  /** Further tries before the first token. Default 2. */
  retries?: number;
  /** 0 <= n < 1; the jitter of the waits. */
  random?: () => number;
  /** How long a connection that nobody uses stays open. Default: a minute. */
  idleMs?: number;
}

const TIMEOUTS: ModelTimeouts = { firstTokenMs: 10_000, gapMs: 10_000, wholeMs: 45_000 };

/** First wait and longest wait of the openai package's own backoff (client.js, calculateDefaultRetryTimeoutMillis). */
const BACKOFF_MS = 500;
const LONGEST_WAIT_MS = 8_000;

/**
 * Between two questions of a caller. By itself fetch gives a connection up after four quiet seconds where the server does not say how long it
 * keeps it, as OpenAI's does not, and each answer on the phone would begin with the two round trips of a new one. Cloudflare, which stands
 * before OpenAI, keeps them for 400 s (developers.cloudflare.com, Connection limits); one that its server closes earlier is not used again.
 */
const IDLE_MS = 60_000;

/** After the last token only the count of tokens is to come: nobody waits long for a bill. */
const ENDING_MS = 1_000;

/**
 * A model behind chat completions. It streams, it gives up in time, and it asks again only while nothing was
 * heard: after the first token a second try could say things twice.
 */
export class ModelClient {
  private readonly openai: OpenAI;
  private readonly baseUrl: string;
  private readonly timeouts: ModelTimeouts;

  constructor(private readonly options: ModelClientOptions) {
    this.baseUrl = options.baseUrl || 'https://api.openai.com/v1';
    this.timeouts = { ...TIMEOUTS, ...options.timeouts };
    // Everything the package would read from the environment is said here: configuration has one reader.
    // Its log is off, because it prints what it cannot parse, and that is customers' text.
    this.openai = new OpenAI({
      apiKey: options.apiKey,
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      baseURL: this.baseUrl,
      maxRetries: 0,
      logLevel: 'off',
      fetch: fetch as never,
      fetchOptions: { dispatcher: new Agent({ keepAliveTimeout: options.idleMs ?? IDLE_MS }) as never },
    });
  }

  async *stream(request: ModelRequest): AsyncGenerator<ModelEvent, void, undefined> {
    const wholeMs = Math.min(this.timeouts.wholeMs, request.deadlineMs ?? Number.POSITIVE_INFINITY);
    const watch = new AnswerWatch(wholeMs, request.signal);
    try {
      for (let failures = 0; ; failures += 1) {
        const reading = new Reading();
        try {
          yield* this.attempt(request, watch, reading);
          return;
        } catch (error) {
          const failure = explain(error, watch, reading);
          await watch.rest(this.waitBefore(failure, failures, watch, reading));
        }
      }
    } finally {
      watch.close();
    }
  }

  /** @param hear is given the words so far, whenever there are more */
  async complete(request: ModelRequest, hear?: (text: string) => void): Promise<ModelAnswer> {
    const answer: ModelAnswer = { text: '', toolCalls: [], finishReason: 'stop' };
    for await (const event of this.stream(request)) {
      if (event.type === 'text') {
        answer.text += event.delta;
        hear?.(answer.text);
      }
      if (event.type === 'tool_call') {
        answer.toolCalls.push({ id: event.id, name: event.name, arguments: event.arguments });
      }
      if (event.type === 'end') {
        answer.finishReason = event.finishReason;
        if (event.usage) answer.usage = event.usage;
      }
    }
    return answer;
  }

  private async *attempt(request: ModelRequest, watch: AnswerWatch, reading: Reading): AsyncGenerator<ModelEvent> {
    for await (const text of this.texts(request, watch, reading)) yield { type: 'text', delta: text };
    if (!reading.finished) throw watch.stopped ?? modelStoppedHalfway();
    if (watch.stopped?.code === 'model_cancelled') throw watch.stopped;
    yield* reading.ending();
  }

  private async *texts(request: ModelRequest, watch: AnswerWatch, reading: Reading): AsyncGenerator<string> {
    watch.expect('to its first word', this.timeouts.firstTokenMs);
    const chunks = (await this.open(request, watch))[Symbol.asyncIterator]();
    try {
      // To the very end, past the usage: a body that is read out leaves its connection to the next request.
      for (;;) {
        const chunk = await chunks.next();
        if (chunk.done) return;
        const text = reading.take(chunk.value);
        if (reading.started || reading.finished) watch.relax();
        if (text) yield text;
        if (reading.finished) watch.expect('to end', ENDING_MS);
        else if (reading.started) watch.expect('between two words', this.timeouts.gapMs);
      }
    } catch (error) {
      // Nothing that goes wrong after the end spoils an answer that is whole.
      if (!reading.finished) throw error;
    } finally {
      watch.relax();
      await chunks.return?.();
    }
  }

  private open(request: ModelRequest, watch: AnswerWatch): Promise<AsyncIterable<Chunk>> {
    if (watch.stopped) throw watch.stopped;
    const body = toWire(request, this.options.model, this.baseUrl);
    // The package's own timeout ends with the headers; it is set out of the way of the watch.
    const timeout = Math.ceil(this.timeouts.wholeMs) + 1_000;
    return this.openai.chat.completions.create(body, { signal: watch.signal, timeout });
  }

  /** How long to wait before the next try; throws the failure where there is to be none. */
  private waitBefore(failure: HubError, failures: number, watch: AnswerWatch, reading: Reading): number {
    const again = failure.retryable && !reading.started && !watch.stopped && failures < (this.options.retries ?? 2);
    if (!again) throw failure;
    // Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    const random = this.options.random ?? Math.random;
    const backoff = random() * Math.min(LONGEST_WAIT_MS, BACKOFF_MS * 2 ** failures);
    // Asking earlier than told only renews the ban, so a longer Retry-After is left to the caller.
    const wait = Math.max(backoff, failure.retryAfterMs ?? 0);
    if (wait > LONGEST_WAIT_MS || wait >= watch.leftMs) throw failure;
    return wait;
  }
}

/** What the watch did is the reason, whatever the socket says about it. */
function explain(error: unknown, watch: AnswerWatch, reading: Reading): HubError {
  if (watch.stopped) return watch.stopped;
  if (error instanceof HubError) return error;
  return reading.started ? modelStoppedHalfway(error) : modelFailure(error);
}
