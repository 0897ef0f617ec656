import type { ServerResponse } from 'node:http';
import type { RecordedRequest } from './journal.js';
import { pieces, type Piece } from './pieces.js';
import type { Prompt } from './prompt.js';
import type { FinishReason, Plan, Step } from './script.js';
import { DONE, completion, errorBody, pieceChunk, roleChunk, sse, usageChunk } from './wire.js';
import type { Head, Usage, WireCall } from './wire.js';

/** Gives one answer over one response, as the plan says, and notes in the record what became of it. */
export class Answer {
  private gone = false;
  private wake = (): void => undefined;
  private readonly calls: WireCall[] = [];
  private buffer = '';

  constructor(
    private readonly response: ServerResponse,
    private readonly prompt: Prompt,
    private readonly record: RecordedRequest,
    private readonly head: Head,
  ) {
    response.once('close', () => {
      if (record.outcome === 'pending') record.outcome = 'abandoned';
      this.gone = true;
      this.wake();
    });
  }

  async give(plan: Plan): Promise<void> {
    await this.wait(plan.manner.delayMs ?? 0);
    if (this.gone) return;
    const failure = plan.steps[0];
    if (failure && 'fail' in failure) return this.fail(failure);
    const streams = this.prompt.request.stream === true;
    if (streams) this.begin(plan.steps);
    for await (const piece of pieces(plan, (ms) => this.wait(ms))) {
      if (this.gone) return;
      this.note(piece);
      if (streams) this.write(piece, plan);
      else this.collect(piece, plan);
    }
  }

  private fail(step: Extract<Step, { fail: number }>): void {
    this.record.outcome = 'failed';
    const headers: Record<string, string> = {};
    if (step.retryAfterS !== undefined) headers['retry-after'] = String(step.retryAfterS);
    this.json(step.fail, errorBody(step.fail, step), headers);
  }

  private begin(steps: Step[]): void {
    this.response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-request-id': this.head.id,
    });
    this.response.flushHeaders();
    const saysText = !steps.some((step) => 'callTool' in step) || steps.some((step) => 'say' in step);
    this.buffer = sse(roleChunk(this.head, saysText));
  }

  private write(piece: Piece, { manner }: Plan): void {
    if (piece.kind === 'break') return this.breakOff(piece.by);
    this.buffer += sse(pieceChunk(this.head, piece));
    if (piece.kind === 'error') {
      this.record.outcome = 'failed';
      this.response.end(this.buffer);
    }
    if (piece.kind === 'finish') {
      this.record.outcome = 'answered';
      if (this.head.withUsage && !manner.omitUsage) this.buffer += sse(usageChunk(this.head, this.usage()));
      this.response.end(this.buffer + DONE);
    }
  }

  /** Without streaming nothing is sent before all is there; a break-off leaves half a body. */
  private collect(piece: Piece, { manner }: Plan): void {
    if (piece.kind === 'finish') {
      this.record.outcome = 'answered';
      this.json(200, this.whole(piece.reason, manner.omitUsage));
    }
    if (piece.kind === 'error') {
      this.record.outcome = 'failed';
      this.json(500, errorBody(500, { message: piece.message }));
    }
    if (piece.kind !== 'break') return;
    const half = JSON.stringify(this.whole('stop', true)).slice(0, -20);
    this.response.writeHead(200, { 'content-type': 'application/json' });
    this.buffer = half;
    this.breakOff(piece.by === 'end' ? 'cut' : piece.by);
  }

  private breakOff(by: 'cut' | 'end' | 'hang'): void {
    if (by === 'hang') return this.flush();
    this.record.outcome = 'broken_off';
    // What was said must reach the other side before the socket breaks.
    if (by === 'end') this.response.end(this.buffer);
    else this.response.write(this.buffer, () => this.response.destroy());
    this.buffer = '';
  }

  private note(piece: Piece): void {
    if (piece.kind === 'text') this.record.said += piece.text;
    if (piece.kind === 'call') {
      this.calls.push({ id: piece.id, type: 'function', function: { name: piece.name, arguments: '' } });
      this.record.called.push(this.calls.at(-1)!.function);
    }
    if (piece.kind === 'arguments') this.calls[piece.index]!.function.arguments += piece.text;
  }

  private whole(reason: FinishReason, omitUsage = false): unknown {
    return completion(this.head, this.record.said, this.calls, reason, omitUsage ? undefined : this.usage());
  }

  /** About 4 characters to a token: a figure to show, not a bill. */
  private usage(): Usage {
    const written = this.calls.reduce((sum, call) => sum + call.function.arguments.length, this.record.said.length);
    const [prompt, answer] = [Math.ceil(this.prompt.length / 4), Math.ceil(written / 4)];
    return { prompt_tokens: prompt, completion_tokens: answer, total_tokens: prompt + answer };
  }

  private json(status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': this.head.id, ...headers });
    this.response.end(JSON.stringify(body));
  }

  private flush(): void {
    if (this.buffer && this.response.headersSent) this.response.write(this.buffer);
    this.buffer = '';
  }

  /** Everything said so far is heard before the pause; ends at once when the client goes away. */
  private async wait(ms: number): Promise<void> {
    if (ms <= 0 || this.gone) return;
    this.flush();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
