import { createHmac } from 'node:crypto';
import type { Clock } from '@throughline/kernel/clock.js';

/** How a server message shows that it is from Vapi. `none`: by nothing but the headers of the assistant's own server. */
export type Signs = 'hmac' | 'secret' | 'bearer' | 'none';

export type MessageFault = 'wrong-signature' | 'duplicate' | 'lost' | 'late';

export interface Sent {
  type: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Null: it got lost, or nobody answered. */
  status: number | null;
  answer: unknown;
}

/** Behind the one after it. */
const LATE_MS = 150;
/** Whoever calls waits for an assistant no longer than that, and nobody for an answer. */
const PATIENCE_MS = { assistant: 7_500, other: 20_000 };

/** What Vapi tells the server of an assistant, or of a number. */
export class Messages {
  readonly sent: Sent[] = [];
  readonly faults: MessageFault[] = [];
  private underWay = 0;

  constructor(private readonly clock: Clock, private readonly secret: string | undefined, public signs: Signs) {}

  get isIdle(): boolean {
    return this.underWay === 0;
  }

  /** @returns what was answered; null for nothing of use */
  async post({ url, headers = {} }: { url: string; headers?: Record<string, string> }, message: Record<string, unknown>): Promise<unknown> {
    this.underWay += 1;
    try {
      return await this.deliver(url, headers, { ...message, timestamp: this.clock.ms() });
    } finally {
      this.underWay -= 1;
    }
  }

  private async deliver(url: string, own: Record<string, string>, message: Record<string, unknown>): Promise<unknown> {
    const fault = this.faults.shift();
    const body = JSON.stringify({ message });
    const secret = fault === 'wrong-signature' ? 'not the secret' : this.secret;
    const mine = fault === 'wrong-signature' ? Object.fromEntries(Object.keys(own).map((name) => [name, 'forged'])) : own;
    const entry: Sent = { type: String(message['type']), url, headers: { 'content-type': 'application/json', ...mine, ...this.proof(body, secret) }, body, status: null, answer: null };
    this.sent.push(entry);
    if (fault === 'lost') return null;
    if (fault === 'late') await new Promise((resolve) => setTimeout(resolve, LATE_MS));
    const answers = await Promise.all(Array.from({ length: fault === 'duplicate' ? 3 : 1 }, () => send(entry)));
    return answers[0];
  }

  private proof(body: string, secret: string | undefined): Record<string, string> {
    if (!secret || this.signs === 'none') return {};
    if (this.signs === 'secret') return { 'x-vapi-secret': secret };
    if (this.signs === 'bearer') return { authorization: `Bearer ${secret}` };
    const timestamp = String(this.clock.ms());
    return { 'x-timestamp': timestamp, 'x-signature': createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex') };
  }
}

/** Once more, as it was sent. */
export async function send(entry: Sent): Promise<unknown> {
  try {
    const answer = await fetch(entry.url, { method: 'POST', headers: entry.headers, body: entry.body, signal: AbortSignal.timeout(entry.type === 'assistant-request' ? PATIENCE_MS.assistant : PATIENCE_MS.other) });
    entry.status = answer.status;
    const text = await answer.text();
    entry.answer = answer.ok && text !== '' ? JSON.parse(text) : null;
    return entry.answer;
  } catch {
    return null;
  }
}
