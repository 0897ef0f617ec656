import { uuidv7 } from '@throughline/kernel/ids.js';
import type { Response } from 'express';
import type { Sink } from './vapi.session.js';

const MODEL = 'throughline';

/** One answer on its way to Vapi, in OpenAI's shape: word by word, or whole. */
export class Completion implements Sink {
  private words = '';
  private readonly head: { id: string; created: number; model: string };

  constructor(private readonly response: Response, private readonly isStreamed: boolean) {
    // The time in it is for nobody: Vapi has its own.
    this.head = { id: `chatcmpl-${uuidv7(0)}`, created: 0, model: MODEL };
    if (!isStreamed) return;
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-cache', 'X-Accel-Buffering': 'no' });
    this.chunk({ role: 'assistant', content: '' }, null);
  }

  say(words: string): void {
    this.words += words;
    if (this.isStreamed) this.chunk({ content: words }, null);
  }

  end(): void {
    const { response, head, words } = this;
    if (response.writableEnded || response.destroyed) return;
    if (this.isStreamed) {
      this.chunk({}, 'stop');
      response.end('data: [DONE]\n\n');
      return;
    }
    const message = { role: 'assistant', content: words, refusal: null };
    response.status(200).json({ ...head, object: 'chat.completion', choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }] });
  }

  private chunk(delta: object, reason: 'stop' | null): void {
    const { response, head } = this;
    if (response.writableEnded || response.destroyed) return;
    response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }] })}\n\n`);
  }
}
