import { HubError } from '@throughline/kernel/errors.js';
import type { z } from 'zod';
import { type Command, createdCall, phoneNumbers } from './wire.types.js';

export interface VapiClientOptions {
  /** The private key of the organisation. Undefined: nothing is asked of Vapi. */
  apiKey?: string | undefined;
  /** Where Vapi is. Default: Vapi's own. */
  origin?: string | undefined;
  /** For all that one call of a method asks, in milliseconds. */
  timeoutMs?: number;
}

/** A call that is on the line at Twilio already, and is to be spoken in by Vapi. */
export interface BypassCall {
  /** Our number. Vapi has to know it, too. */
  ours: string;
  caller: string;
  assistant: object;
}

export interface BypassedCall {
  id: string;
  /** For Twilio. */
  twiml: string;
  controlUrl: string | null;
}

const VAPI = 'https://api.vapi.ai';
/** Twilio gives up after 15 s, and there has to be time left for whoever answers instead. */
const TIMEOUT_MS = 5_500;
const LARGEST_ANSWER = 1_000_000;

/** Vapi's API, as far as a call of ours needs it. */
export class VapiClient {
  private readonly origin: string;
  private readonly timeoutMs: number;
  /** Vapi's ids of our numbers. */
  private readonly numbers = new Map<string, string>();

  constructor(private readonly options: VapiClientOptions) {
    this.origin = options.origin ?? VAPI;
    this.timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  }

  get isConnected(): boolean {
    return this.options.apiKey !== undefined;
  }

  /** @throws HubError where Vapi does not know the number, refuses, or takes too long */
  async bypass({ ours, caller, assistant }: BypassCall): Promise<BypassedCall> {
    const signal = AbortSignal.timeout(this.timeoutMs);
    const phoneNumberId = this.numbers.get(ours) ?? (await this.numberId(ours, signal));
    const body = { phoneCallProviderBypassEnabled: true, phoneNumberId, customer: { number: caller }, assistant };
    const created = await this.ask('POST', '/call', { signal, body, shape: createdCall }).catch((error: unknown) => {
      // The number may be another one by now.
      this.numbers.delete(ours);
      throw error;
    });
    return { id: created.id, twiml: created.phoneCallProviderDetails.twiml, controlUrl: this.control(created.monitor?.controlUrl) };
  }

  private async numberId(ours: string, signal: AbortSignal): Promise<string> {
    const all = await this.ask('GET', '/phone-number?limit=1000', { signal, shape: phoneNumbers });
    const id = all.find(({ number }) => number === ours)?.id;
    if (!id) throw new HubError('unavailable', 'vapi_number_unknown', `Vapi does not know ${ours}. Import it there, and set its webhook at Twilio back to the hub.`);
    this.numbers.set(ours, id);
    return id;
  }

  /** The address over which a call can be told something, where it is one of Vapi's: nobody else gets words of ours. */
  control(url: string | undefined): string | null {
    if (!url || !URL.canParse(url)) return null;
    const { origin, protocol, hostname } = new URL(url);
    return origin === this.origin || (protocol === 'https:' && hostname.endsWith('.vapi.ai')) ? url : null;
  }

  /** @returns false where the call does not hear it */
  async tell(controlUrl: string | null, command: Command): Promise<boolean> {
    const url = this.control(controlUrl ?? undefined);
    if (!url) return false;
    const signal = AbortSignal.timeout(this.timeoutMs);
    const answer = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(command), signal, redirect: 'error' }).catch(() => null);
    await answer?.body?.cancel();
    return answer?.ok ?? false;
  }

  /** What Vapi keeps of a call goes. Nothing happens when it is gone. @throws HubError */
  async remove(callId: string): Promise<void> {
    await this.ask('DELETE', `/call/${encodeURIComponent(callId)}`, { signal: AbortSignal.timeout(this.timeoutMs), gone: true });
  }

  private async ask<T extends z.ZodType>(method: string, path: string, { signal, body, shape, gone }: { signal: AbortSignal; body?: object; shape: T; gone?: never }): Promise<z.infer<T>>;
  private async ask(method: string, path: string, { signal, gone }: { signal: AbortSignal; gone: true }): Promise<void>;
  private async ask(method: string, path: string, { signal, body, shape, gone }: { signal: AbortSignal; body?: object; shape?: z.ZodType; gone?: boolean }): Promise<unknown> {
    const { apiKey } = this.options;
    if (!apiKey) throw new HubError('unavailable', 'vapi_not_connected', 'VAPI_API_KEY is not set.', { retryable: false });
    const headers = { Authorization: `Bearer ${apiKey}`, ...(body ? { 'Content-Type': 'application/json' } : {}) };
    try {
      const answer = await fetch(this.origin + path, { method, headers, signal, redirect: 'error', ...(body ? { body: JSON.stringify(body) } : {}) });
      const text = await answer.text();
      if (gone && (answer.ok || answer.status === 404)) return undefined;
      if (!answer.ok) throw new HubError('unavailable', 'vapi_refused', `Vapi answered ${answer.status} to ${method} ${path.split('?')[0]}.`, { retryable: answer.status >= 500 || answer.status === 429 });
      if (text.length > LARGEST_ANSWER) throw new HubError('unavailable', 'vapi_odd', 'Vapi answered more than anybody reads.');
      return shape?.parse(JSON.parse(text));
    } catch (error) {
      if (error instanceof HubError) throw error;
      throw new HubError('unavailable', signal.aborted ? 'vapi_slow' : 'vapi_odd', signal.aborted ? `Vapi did not answer in ${this.timeoutMs} ms.` : 'Vapi could not be reached, or its answer is not what was asked for.', { cause: error });
    }
  }
}
