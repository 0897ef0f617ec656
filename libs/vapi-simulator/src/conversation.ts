import type { Assistant, CallState, Mouth, Turn } from './call.types.js';
import type { Messages } from './messages.js';
import { askModel } from './model.js';

/** Speech is made of sentences: what is not whole yet waits for the rest. */
const SENTENCE = /^[\s\S]*?[.!?…](?=\s|$)/;
/** A model that is silent for so long is complained of, in milliseconds of real time. */
const HANG_MS = 5_000;

export interface Parties {
  customer: { number: string };
  phoneNumber: { id: string; number: string };
  /** Where the call can be told something. */
  controlUrl: string;
}

/** One call: who says what when, and what the assistant's model and server are told of it. */
export class Conversation implements CallState {
  callSid: string | null = null;
  status: CallState['status'] = 'queued';
  endedReason: string | null = null;
  readonly said: Turn[] = [];
  private mouth: Mouth | undefined;
  private thought: AbortController | undefined;
  /** Words that were given to the mouth and have not sounded. */
  private unplayed = 0;
  private generation = 0;
  private whenSilent: (() => void) | undefined;

  constructor(readonly id: string, private readonly assistant: Assistant, private readonly parties: Parties, private readonly messages: Messages) {}

  /** Somebody is on the line. */
  begins(mouth: Mouth, callSid: string | null): void {
    [this.mouth, this.callSid, this.status] = [mouth, callSid, 'in-progress'];
    this.tell('status-update', { status: 'in-progress' });
    if (this.assistant.firstMessage) this.speak(this.assistant.firstMessage, this.turn('assistant'));
  }

  /** The caller begins to speak: whatever was being said or thought of is over. */
  interrupts(): void {
    this.tell('speech-update', { status: 'started', role: 'user' });
    const isHeard = this.thought === undefined && this.unplayed === 0;
    this.thought?.abort();
    this.thought = undefined;
    if (isHeard) return;
    this.generation += 1;
    this.unplayed = 0;
    this.mouth?.cut();
    this.tell('user-interrupted', {});
  }

  /** The caller has said something. */
  hears(words: string): void {
    if (this.status !== 'in-progress') return;
    this.interrupts();
    this.tell('transcript', { role: 'user', transcriptType: 'final', transcript: words });
    this.said.push({ role: 'user', content: words });
    this.tell('conversation-update', {});
    void this.think();
  }

  /** @returns false for what is not known here */
  obeys(command: Record<string, unknown>): boolean {
    switch (command['type']) {
      case 'say':
        this.speak(String(command['content'] ?? ''), this.turn('assistant'));
        if (command['endCallAfterSpoken'] === true) this.afterwards(() => this.ends('assistant-ended-call'));
        return true;
      case 'add-message':
        this.said.push(command['message'] as Turn);
        if (command['triggerResponseEnabled'] !== false) void this.think();
        return true;
      case 'end-call':
        this.ends('assistant-ended-call');
        return true;
      default:
        return false;
    }
  }

  ends(reason: string): void {
    if (this.status === 'ended') return;
    [this.status, this.endedReason] = ['ended', reason];
    this.thought?.abort();
    this.mouth?.close();
    this.tell('status-update', { status: 'ended', endedReason: reason });
    this.tell('end-of-call-report', { endedReason: reason, artifact: { messagesOpenAIFormatted: this.history(), messages: this.history() } });
  }

  private async think(): Promise<void> {
    this.thought?.abort();
    const thought = new AbortController();
    this.thought = thought;
    const hang = setTimeout(() => this.tell('hang', {}), HANG_MS);
    let [waiting, turn]: [string, Turn | undefined] = ['', undefined];
    const say = (words: string): void => {
      if (words === '' || thought.signal.aborted) return;
      clearTimeout(hang);
      turn ??= this.turn('assistant');
      this.speak(words, turn);
    };
    try {
      const { url, headers = {} } = this.assistant.model;
      await askModel({ url, headers, body: this.request(), signal: thought.signal }, (words) => {
        waiting += words;
        for (let sentence = SENTENCE.exec(waiting); sentence; sentence = SENTENCE.exec(waiting)) {
          say(sentence[0]);
          waiting = waiting.slice(sentence[0].length);
        }
      });
      say(waiting);
    } catch {
      if (!thought.signal.aborted) this.ends('pipeline-error-custom-llm-500-server-error');
    } finally {
      clearTimeout(hang);
      if (this.thought === thought) this.thought = undefined;
    }
  }

  private request(): object {
    const { model: { model, metadataSendMode = 'variable' }, metadata } = this.assistant;
    const about = metadataSendMode === 'off' ? {} : { ...this.about(), ...(metadataSendMode === 'variable' ? { metadata } : metadata) };
    return { model, messages: this.history(), stream: true, temperature: 0.5, max_tokens: 250, ...about };
  }

  private history(): Turn[] {
    return this.said.filter(({ content }) => content !== '').map((turn) => ({ ...turn }));
  }

  private turn(role: Turn['role']): Turn {
    const turn = { role, content: '' };
    this.said.push(turn);
    return turn;
  }

  private speak(words: string, turn: Turn): void {
    const { generation } = this;
    if (this.unplayed === 0) this.tell('speech-update', { status: 'started', role: 'assistant' });
    const length = words.length;
    this.unplayed += length;
    this.mouth?.say(words, (piece) => {
      if (generation !== this.generation) return;
      turn.content += piece;
      this.unplayed -= piece.length;
      if (this.unplayed === 0 && !this.thought) this.fallsSilent();
    });
  }

  private fallsSilent(): void {
    this.tell('speech-update', { status: 'stopped', role: 'assistant' });
    this.whenSilent?.();
    this.whenSilent = undefined;
  }

  private afterwards(work: () => void): void {
    this.whenSilent = work;
    if (this.unplayed === 0) this.fallsSilent();
  }

  private about(): object {
    const { customer, phoneNumber, controlUrl } = this.parties;
    const provider = this.callSid ? { phoneCallProvider: 'twilio', phoneCallProviderId: this.callSid } : { phoneCallProvider: 'vapi' };
    return { call: { id: this.id, type: 'inboundPhoneCall', status: this.status, ...provider, customer, phoneNumber, monitor: { controlUrl } }, customer, phoneNumber };
  }

  private tell(type: string, more: object): void {
    const { server, serverMessages = [] } = this.assistant;
    const isWanted = serverMessages.some((wanted) => wanted === type || wanted.startsWith(`${type}[`));
    if (server && isWanted) void this.messages.post(server, { type, ...this.about(), ...more });
  }
}
