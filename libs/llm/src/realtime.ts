import WebSocket from 'ws';
import type { ModelMessage } from './model.types.js';
import { itemOf, type RealtimeEvent, realtimeEventIn, type RealtimeSettings, sessionUpdate } from './realtime.wire.js';

export interface RealtimeOptions {
  apiKey: string;
  /** Default: OpenAI. */
  baseUrl?: string | undefined;
  model: string;
  /** For the socket to be open, in milliseconds. */
  openWithinMs: number;
}

export interface RealtimeListener {
  hears(event: RealtimeEvent): void;
  /** Once, however it ended. */
  closed(why: string): void;
}

/** OpenAI's largest event; sound comes in far smaller ones. */
const LARGEST_EVENT = 16 * 1024 * 1024;

/** A socket to a model that hears and speaks. The key goes into the handshake and nowhere else. */
export class RealtimeModel {
  private readonly socket: WebSocket;
  private isClosed = false;

  constructor({ apiKey, baseUrl = 'https://api.openai.com/v1', model, openWithinMs }: RealtimeOptions, private readonly listener: RealtimeListener) {
    // The openai package's own client speaks wss only, and would not reach a model on one's own machine.
    const url = `${baseUrl.replace(/^http/, 'ws')}/realtime?model=${encodeURIComponent(model)}`;
    this.socket = new WebSocket(url, {
      headers: { Authorization: `Bearer ${apiKey}` }, handshakeTimeout: openWithinMs, maxPayload: LARGEST_EVENT, perMessageDeflate: false,
    });
    this.socket.on('message', (data) => this.takeIn(String(data)));
    this.socket.on('unexpected-response', (_request, { statusCode = 0 }) => this.end(`refused with ${statusCode}`));
    this.socket.on('error', (error: NodeJS.ErrnoException) => this.end(error.code ?? error.message));
    this.socket.on('close', (code) => this.end(`closed with ${code}`));
  }

  configure(settings: RealtimeSettings): void {
    this.send(sessionUpdate(settings));
  }

  /** What was said and written elsewhere. */
  tell(messages: readonly ModelMessage[]): void {
    for (const message of messages) {
      const item = itemOf(message);
      if (item) this.send(item);
    }
  }

  /** @param sound base64, as it came */
  hear(sound: string): void {
    this.send({ type: 'input_audio_buffer.append', audio: sound });
  }

  /** To what was told and heard. @param eventId in an error that is about it */
  answer(mayUseTools: boolean, eventId: string): void {
    this.send({ type: 'response.create', event_id: eventId, response: mayUseTools ? {} : { tool_choice: 'none' } });
  }

  /** Just these words, which are no part of the conversation. */
  say(words: string, eventId: string): void {
    const instructions = `Say exactly the following to the caller, word for word, and nothing else:\n${words}`;
    this.send({ type: 'response.create', event_id: eventId, response: { conversation: 'none', input: [], tools: [], tool_choice: 'none', instructions } });
  }

  cancel(responseId: string): void {
    this.send({ type: 'response.cancel', response_id: responseId });
  }

  /** Of what was said only the first milliseconds were heard. */
  truncate(itemId: string, heardMs: number): void {
    this.send({ type: 'conversation.item.truncate', item_id: itemId, content_index: 0, audio_end_ms: Math.floor(heardMs) });
  }

  report(callId: string, output: string): void {
    this.send({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: callId, output } });
  }

  /** Nobody is told. */
  close(): void {
    this.isClosed = true;
    this.socket.close();
  }

  private takeIn(text: string): void {
    const event = realtimeEventIn(text);
    if (event !== null && event !== 'malformed' && !this.isClosed) this.listener.hears(event);
  }

  private end(why: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.socket.terminate();
    this.listener.closed(why);
  }

  private send(event: object): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(event));
  }
}
