import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Journal, RecordedRequest } from './journal.js';
import { type Piece, pieces } from './pieces.js';
import { Prompt } from './prompt.js';
import { clientEvent, type ClientEvent, type ResponseWish, type SessionUpdate } from './realtime.validation.js';
import type { Plan, Playbook } from './script.js';
import type { ChatRequest, WireMessage } from './validation.js';
import { FRAME_MS, Listener, msOf, soundOf } from './words-in-sound.js';

interface Parts {
  journal: Journal;
  playbook: Playbook;
}

interface Item {
  id: string;
  message: WireMessage;
  /** Of what was said aloud, in milliseconds. */
  soundMs?: number;
  /** Only the beginning of it was heard: no more of it is remembered. */
  isCut?: boolean;
}

interface Active {
  id: string;
  /** Words that are said to the caller and are no part of the conversation. */
  isApart: boolean;
  isCancelled: boolean;
  wake: () => void;
}

const newId = (kind: string): string => `${kind}_${randomUUID().replaceAll('-', '').slice(0, 21)}`;

/** What a client of ours wants said and not thought about. */
const EXACTLY = /^Say exactly[^\n]*\n([^]*)$/;
const PAUSE_MS = 500;
/** Words are written down later than the answer begins. */
const TRANSCRIPTION_MS = 100;

/**
 * One session of a stand-in for OpenAI's Realtime API (GA). It hears words in sound and speaks in kind; what it answers is what the script of
 * the chat says to the same conversation, so that a test, and the clinic, need only one.
 */
export class RealtimeStandIn {
  private session: SessionUpdate = { type: 'realtime' };
  private readonly items: Item[] = [];
  private readonly listener: Listener;
  private active: Active | null = null;

  constructor(private readonly socket: WebSocket, private readonly model: string, private readonly parts: Parts) {
    const detection = () => this.session.audio?.input?.turn_detection;
    this.listener = new Listener(() => detection()?.silence_duration_ms ?? PAUSE_MS, {
      started: (atMs) => {
        this.send('input_audio_buffer.speech_started', { audio_start_ms: atMs, item_id: this.spokenId });
        if (detection()?.interrupt_response !== false && this.active && !this.active.isApart) this.cancel(this.active);
      },
      stopped: (words, atMs) => this.heard(words, atMs),
    });
    socket.on('message', (data) => void this.take(String(data)));
    socket.on('close', () => this.active?.wake());
    socket.on('error', () => undefined);
    this.send('session.created', { session: { id: newId('sess'), object: 'realtime.session', type: 'realtime', model } });
  }

  private spokenId = newId('item');

  private async take(text: string): Promise<void> {
    const event = this.understood(text);
    switch (event?.type) {
      case 'session.update':
        this.session = { ...this.session, ...event.session };
        return this.send('session.updated', { session: { ...this.session, model: this.model } });
      case 'input_audio_buffer.append':
        return this.listener.hear(Buffer.from(event.audio, 'base64'));
      case 'conversation.item.create':
        return this.add(messageOf(event.item));
      case 'conversation.item.truncate':
        return this.truncate(event);
      case 'response.create':
        return this.create(event.response, event.event_id);
      case 'response.cancel':
        if (!this.active) return this.fails('response_cancel_not_active', 'Cancellation failed: no active response found', event.event_id);
        this.cancel(this.active);
    }
  }

  private understood(text: string): ClientEvent | null {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      this.fails('invalid_json', 'The event is not JSON.');
      return null;
    }
    const parsed = clientEvent.safeParse(json);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    this.fails('invalid_value', `Invalid '${issue?.path.join('.') ?? ''}': ${issue?.message ?? 'not valid'}.`, (json as { event_id?: string } | null)?.event_id);
    return null;
  }

  private heard(words: string, atMs: number): void {
    const { spokenId: id } = this;
    this.spokenId = newId('item');
    this.send('input_audio_buffer.speech_stopped', { audio_end_ms: atMs, item_id: id });
    this.send('input_audio_buffer.committed', { item_id: id, previous_item_id: this.items.at(-1)?.id ?? null });
    // A model that hears needs nobody to write it down.
    this.add({ role: 'user', content: words }, id);
    if (this.session.audio?.input?.transcription) {
      setTimeout(() => this.send('conversation.item.input_audio_transcription.completed', { item_id: id, content_index: 0, transcript: words }), TRANSCRIPTION_MS);
    }
    if (this.session.audio?.input?.turn_detection?.create_response !== false) void this.create({}, undefined);
  }

  private add(message: WireMessage, id = newId('item')): void {
    const item = { id, type: 'message', role: message.role };
    this.send('conversation.item.added', { previous_item_id: this.items.at(-1)?.id ?? null, item });
    this.items.push({ id, message });
    this.send('conversation.item.done', { item });
  }

  /** What was not heard is forgotten. */
  private truncate({ item_id: id, audio_end_ms: ms, event_id: eventId }: Extract<ClientEvent, { type: 'conversation.item.truncate' }>): void {
    const item = this.items.find((each) => each.id === id);
    if (!item) return this.fails('item_truncate_invalid_item_id', `Error truncating item: item with item_id '${id}' does not exist.`, eventId);
    if (ms > (item.soundMs ?? 0)) return this.fails('invalid_value', `Audio content of ${item.soundMs ?? 0}ms is already shorter than ${ms}ms`, eventId);
    item.soundMs = ms;
    item.isCut = true;
    item.message.content = Buffer.from(String(item.message.content)).subarray(0, Math.floor(ms / FRAME_MS)).toString('utf8');
    this.send('conversation.item.truncated', { item_id: id, content_index: 0, audio_end_ms: ms });
  }

  private async create(wish: ResponseWish, eventId: string | undefined): Promise<void> {
    if (this.active) return this.fails('conversation_already_has_active_response', `Conversation already has an active response in progress: ${this.active.id}.`, eventId);
    const active: Active = { id: newId('resp'), isApart: wish.conversation === 'none', isCancelled: false, wake: () => undefined };
    this.active = active;
    this.send('response.created', { response: { id: active.id, object: 'realtime.response', status: 'in_progress', output: [] } });
    const words = EXACTLY.exec(wish.instructions ?? '')?.[1];
    if (words !== undefined) return this.play(active, { manner: {}, steps: [{ say: words }] }, null);
    const body = this.bodyOf(wish);
    const prompt = new Prompt(body);
    const record = this.parts.journal.open(prompt);
    await this.play(active, await this.parts.playbook.plan(prompt), record);
  }

  /** As the same conversation would look in writing. */
  private bodyOf({ tool_choice: choice }: ResponseWish): ChatRequest {
    const { instructions = '', tools = [] } = this.session;
    const specs = tools.map(({ type, ...spec }) => ({ type, function: spec }));
    return {
      model: this.model, messages: [{ role: 'system', content: instructions }, ...this.items.map(({ message }) => message)],
      ...(specs.length > 0 ? { tools: specs } : {}), ...(choice === undefined ? {} : { tool_choice: choice }), stream: true,
    };
  }

  private async play(active: Active, plan: Plan, record: RecordedRequest | null): Promise<void> {
    const output: object[] = [];
    const said = new Saying(this, active, output);
    const wait = (ms: number): Promise<void> => new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      active.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    if (plan.manner.delayMs) await wait(plan.manner.delayMs);
    const [first] = plan.steps;
    if (first && 'fail' in first) return this.over(active, 'failed', output, record, { error: { type: 'server_error', code: first.code ?? String(first.fail) } });
    for await (const piece of pieces(plan, wait)) {
      if (active.isCancelled || this.socket.readyState !== this.socket.OPEN) break;
      if (piece.kind === 'break' && piece.by === 'hang') return undefined;
      if (piece.kind === 'break') return this.breakOff(record);
      if (piece.kind === 'error') return this.over(active, 'failed', output, record, { error: { type: 'server_error', code: piece.message } });
      said.take(piece, record);
    }
    said.close();
    this.over(active, active.isCancelled ? 'cancelled' : 'completed', output, record, active.isCancelled ? { reason: 'turn_detected' } : null);
  }

  private breakOff(record: RecordedRequest | null): void {
    if (record) record.outcome = 'broken_off';
    this.socket.terminate();
  }

  private over(active: Active, status: 'completed' | 'cancelled' | 'failed', output: object[], record: RecordedRequest | null, details: object | null): void {
    const outcomes = { completed: 'answered', cancelled: 'abandoned', failed: 'failed' } as const;
    if (record) record.outcome = outcomes[status];
    if (this.active === active) this.active = null;
    this.send('response.done', {
      response: { id: active.id, object: 'realtime.response', status, status_details: details && { type: status, ...details }, output, usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 } },
    });
  }

  private cancel(active: Active): void {
    active.isCancelled = true;
    active.wake();
  }

  /** What is said, or which tool was called, becomes part of the conversation. */
  remember(item: Item): void {
    this.items.push(item);
  }

  private fails(code: string, message: string, eventId?: string): void {
    this.send('error', { error: { type: 'invalid_request_error', code, message, param: null, event_id: eventId ?? null } });
  }

  send(type: string, fields: object): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(JSON.stringify({ type, event_id: newId('event'), ...fields }));
  }
}

/** One answer, piece by piece: words with their sound, calls of tools. */
class Saying {
  private message: Item | null = null;
  private words = '';
  private calls: { id: string; callId: string; name: string; arguments: string }[] = [];

  constructor(private readonly session: RealtimeStandIn, private readonly active: Active, private readonly output: object[]) {}

  take(piece: Piece, record: RecordedRequest | null): void {
    if (piece.kind === 'text') this.say(piece.text, record);
    if (piece.kind === 'call') {
      this.calls.push({ id: newId('item'), callId: piece.id, name: piece.name, arguments: '' });
      record?.called.push({ name: piece.name, arguments: '' });
    }
    if (piece.kind === 'arguments') {
      this.calls[piece.index]!.arguments += piece.text;
      if (record) record.called[piece.index]!.arguments += piece.text;
    }
  }

  private say(text: string, record: RecordedRequest | null): void {
    if (record) record.said += text;
    if (!this.message) {
      this.message = { id: newId('item'), message: { role: 'assistant', content: '' }, soundMs: 0 };
      if (!this.active.isApart) this.session.remember(this.message);
      this.event('response.output_item.added', { item: { id: this.message.id, type: 'message', role: 'assistant', status: 'in_progress', content: [] } });
    }
    const sound = soundOf(text);
    this.words += text;
    if (!this.message.isCut) Object.assign(this.message, { soundMs: this.message.soundMs! + msOf(sound), message: { role: 'assistant', content: this.words } });
    const at = { item_id: this.message.id, content_index: 0 };
    this.event('response.output_audio_transcript.delta', { ...at, delta: text });
    this.event('response.output_audio.delta', { ...at, delta: sound.toString('base64') });
  }

  close(): void {
    const { message, calls, words } = this;
    if (message) {
      const at = { item_id: message.id, content_index: 0 };
      this.event('response.output_audio.done', at);
      this.event('response.output_audio_transcript.done', { ...at, transcript: words });
      const item = { id: message.id, type: 'message', role: 'assistant', content: [{ type: 'output_audio', transcript: words }] };
      this.event('response.output_item.done', { item });
      this.output.push(item);
    }
    if (this.active.isCancelled) return;
    for (const { id, callId, name, arguments: args } of calls) {
      const item = { id, type: 'function_call', status: 'completed', call_id: callId, name, arguments: args };
      this.event('response.function_call_arguments.done', { item_id: id, call_id: callId, name, arguments: args });
      this.event('response.output_item.done', { item });
      this.output.push(item);
      this.session.remember({ id, message: { role: 'assistant', content: '', tool_calls: [{ id: callId, type: 'function', function: { name, arguments: args } }] } });
    }
  }

  private event(type: string, fields: object): void {
    this.session.send(type, { response_id: this.active.id, output_index: 0, ...fields });
  }
}

function messageOf(item: Extract<ClientEvent, { type: 'conversation.item.create' }>['item']): WireMessage {
  if (item.type === 'function_call_output') return { role: 'tool', tool_call_id: item.call_id, content: item.output };
  return { role: item.role, content: item.content.map(({ text }) => text).join('') };
}
