import type { RealtimeListener, RealtimeModel } from '@throughline/llm/realtime.js';
import type { RealtimeEvent } from '@throughline/llm/realtime.wire.js';
import type { Brief } from '../assistant/assistant.types.js';
import type { Line } from '../voice/voice.types.js';
import { Responses } from './responses.js';
import type { Rooms } from './realtime.types.js';

/** From asking for a line until it is of use, in milliseconds. */
const READY_WITHIN_MS = 4_000;

interface Given {
  line: Line;
  brief: Brief;
  /** What the caller has said so far. */
  early: string[];
}

export interface Ears {
  ready(): void;
  /** The caller has begun to speak. */
  interrupted(): void;
  /** They have said something; its words follow, or they do not. */
  heard(itemId: string): void;
  wrote(itemId: string, words: string): void;
  /** @param isHopeless it was never of use: asking again would only be more silence */
  lost(why: string, isHopeless: boolean): void;
}

/** One line to the model: made ready, given the caller's sound, listened to. */
export class Hearing implements RealtimeListener {
  readonly model: RealtimeModel;
  readonly responses: Responses;
  private readonly patience: NodeJS.Timeout;
  isReady = false;
  /** What the model has not been told of the thread is behind this. */
  private toldSeq: number;

  constructor(private readonly rooms: Rooms, private readonly given: Given, private readonly ears: Ears) {
    this.toldSeq = given.brief.upToSeq;
    this.model = rooms.model(this);
    this.responses = new Responses(this.model);
    this.patience = setTimeout(() => {
      this.model.close();
      this.closed('it was not ready in time');
    }, READY_WITHIN_MS);
  }

  /** @param sound base64 */
  hear(sound: string): void {
    if (this.isReady) this.model.hear(sound);
    else this.given.early.push(sound);
  }

  /** What came into the thread by another way. */
  async tellBeside(): Promise<void> {
    const { tenant, conversationSid, aloud } = this.given.line;
    const { messages, upToSeq } = await this.rooms.assistant.live.dialogue.beside(tenant.id, conversationSid, aloud, this.toldSeq);
    this.toldSeq = Math.max(this.toldSeq, upToSeq);
    this.model.tell(messages);
  }

  close(): void {
    clearTimeout(this.patience);
    this.responses.stop();
    this.model.close();
  }

  closed(why: string): void {
    clearTimeout(this.patience);
    this.responses.stop();
    if (!this.isReady) this.rooms.modelIsAway();
    this.ears.lost(why, !this.isReady);
  }

  hears(event: RealtimeEvent): void {
    switch (event.type) {
      case 'session.created': {
        const { voice, transcription } = this.rooms.settings;
        const { brief: { instructions, tools }, line } = this.given;
        const [only, ...others] = line.tenant.settings.voice.languages;
        // One language is written down better when it is known which.
        const language = others.length === 0 ? only?.split('-')[0] : undefined;
        return this.model.configure({ instructions, tools, voice, transcription: { model: transcription, language } });
      }
      case 'session.updated':
        return this.begin();
      case 'input_audio_buffer.speech_started':
        return this.ears.interrupted();
      case 'input_audio_buffer.committed':
        return this.ears.heard(event.item_id);
      case 'conversation.item.input_audio_transcription.completed':
        return this.ears.wrote(event.item_id, event.transcript);
      case 'conversation.item.input_audio_transcription.failed':
        return this.ears.wrote(event.item_id, '');
      default:
        this.responses.take(event);
    }
  }

  private begin(): void {
    if (this.isReady) return;
    clearTimeout(this.patience);
    this.isReady = true;
    this.model.tell(this.given.brief.history);
    for (const sound of this.given.early.splice(0)) this.model.hear(sound);
    this.ears.ready();
  }
}
