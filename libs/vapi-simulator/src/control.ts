import { randomUUID } from 'node:crypto';
import type { Clock } from '@throughline/kernel/clock.js';
import type { Assistant, CallState, PhoneNumber } from './call.types.js';
import { Conversation, type Parties } from './conversation.js';
import { type MessageFault, Messages, send, type Sent, type Signs } from './messages.js';
import { PlainMouth } from './mouths.js';
import { Refusal } from './refusal.js';

/** What happens to the next call that is created. */
export type CallFault = { kind: 'slow'; ms: number } | { kind: 'fails'; status: number } | { kind: 'odd' };

/** Somebody on the phone with a number that Vapi answers itself. */
export interface PlainCaller {
  id: string;
  heard: readonly string[];
  says(words: string): void;
  hangsUp(): void;
}

/** What a test, or a page, may see and do. */
export class VapiControl {
  origin = '';
  readonly apiKey: string;
  readonly numbers: PhoneNumber[];
  readonly callFaults: CallFault[] = [];
  private readonly calls = new Map<string, Conversation>();
  private readonly messages: Messages;

  constructor({ apiKey, numbers, secret, signs = 'hmac', clock }: { apiKey: string; numbers: PhoneNumber[]; secret?: string; signs?: Signs; clock: Clock }) {
    this.apiKey = apiKey;
    this.numbers = [...numbers];
    this.messages = new Messages(clock, secret, signs);
  }

  /** Oldest first. */
  get all(): CallState[] {
    return [...this.calls.values()];
  }

  /** Server messages, oldest first. */
  get sent(): readonly Sent[] {
    return this.messages.sent;
  }

  /** No server message is under way. */
  get isIdle(): boolean {
    return this.messages.isIdle;
  }

  signs(how: Signs): void {
    this.messages.signs = how;
  }

  /** The next server messages meet with this, each with one. */
  fault(...faults: MessageFault[]): void {
    this.messages.faults.push(...faults);
  }

  /** Whatever server messages were to meet with, they do not. */
  heals(): void {
    this.messages.faults.length = 0;
  }

  /** A server message once more, as it was sent. */
  readonly replay = (sent: Sent): Promise<unknown> => send(sent);

  /** The socket between Vapi and Twilio breaks. */
  breaks(id: string): void {
    this.conversation(id).ends('pipeline-error-vapi-out-of-order');
  }

  /** Somebody calls a number that Vapi answers itself. @throws where its server names no assistant */
  async rings({ from, to }: { from: string; to: string }): Promise<PlainCaller> {
    const number = this.numbers.find((each) => each.number === to);
    if (!number?.serverUrl) throw new Refusal(404, `${to} is not answered here`);
    const id = randomUUID();
    const parties = { customer: { number: from }, phoneNumber: { id: number.id, number: to } };
    const about = { call: { id, type: 'inboundPhoneCall', status: 'ringing', phoneCallProvider: 'vapi', ...parties, monitor: { controlUrl: this.controlUrl(id) } }, ...parties };
    const answer = (await this.messages.post({ url: number.serverUrl }, { type: 'assistant-request', ...about })) as { assistant?: Assistant } | null;
    if (!answer?.assistant) throw new Refusal(400, `assistant-request-returned-no-assistant: ${JSON.stringify(answer)}`);
    const call = this.open(answer.assistant, parties, id);
    const mouth = new PlainMouth();
    call.begins(mouth, null);
    return { id, heard: mouth.heard, says: (words) => call.hears(words), hangsUp: () => call.ends('customer-ended-call') };
  }

  open(assistant: Assistant, parties: Omit<Parties, 'controlUrl'>, id: string = randomUUID()): Conversation {
    const call = new Conversation(id, assistant, { ...parties, controlUrl: this.controlUrl(id) }, this.messages);
    this.calls.set(id, call);
    return call;
  }

  knows(id: string): boolean {
    return this.calls.has(id);
  }

  conversation(id: string): Conversation {
    const call = this.calls.get(id);
    if (!call) throw new Refusal(404, `there is no call ${id}`);
    return call;
  }

  remove(id: string): boolean {
    return this.calls.delete(id);
  }

  obeys(id: string, command: Record<string, unknown>): boolean {
    return this.calls.get(id)?.obeys(command) ?? false;
  }

  readonly controlUrl = (id: string): string => `${this.origin}/control/${id}`;
}
