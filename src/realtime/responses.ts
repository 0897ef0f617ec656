import type { RealtimeModel } from '@throughline/llm/realtime.js';
import type { DoneResponse, RealtimeEvent } from '@throughline/llm/realtime.wire.js';

/** Something that the model is asked to say. */
export interface Wanted {
  /** Just these words; left out: an answer to what it has heard. */
  words?: string;
  mayUseTools?: boolean;
  hears(sound: Buffer, itemId: string): void;
  reads(words: string, itemId: string): void;
  /** Null: it was called off, or the model is gone. */
  done(response: DoneResponse | null): void;
}

/** A model that was told to stop and does not say that it has is believed to have stopped after this, in milliseconds. */
const STOPS_WITHIN_MS = 1_500;
/** A model of which nothing comes for so long has failed. */
const SILENT_FOR_MS = 10_000;

/** Errors of the model name what they are about. */
const ASKED = 'asked';
const FAILED: DoneResponse = { id: '', status: 'failed', output: [] };

/** One answer of the model at a time: it refuses a second one. */
export class Responses {
  private readonly queue: Wanted[] = [];
  private present: { wanted: Wanted; id: string | null; isOff: boolean } | null = null;
  private patience: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(private readonly model: RealtimeModel) {}

  want(wanted: Wanted): void {
    if (this.isStopped) return wanted.done(null);
    this.queue.push(wanted);
    this.next();
  }

  /** Nothing of what was asked for is wanted any more. */
  callOff(): void {
    for (const { done } of this.queue.splice(0)) done(null);
    const { present } = this;
    if (!present || present.isOff) return;
    present.isOff = true;
    if (present.id) this.model.cancel(present.id);
    this.waits(STOPS_WITHIN_MS, () => this.free());
    present.wanted.done(null);
  }

  /** The model is gone. */
  stop(): void {
    this.isStopped = true;
    this.callOff();
    clearTimeout(this.patience);
    this.present = null;
  }

  take(event: RealtimeEvent): void {
    const { present } = this;
    if (!present) return;
    if (event.type === 'response.created' && present.id === null) {
      present.id = event.response.id;
      if (present.isOff) this.model.cancel(present.id);
    }
    if (event.type === 'response.done' && event.response.id === present.id) return this.over(event.response);
    if (event.type === 'error' && present.id === null && event.error.event_id === ASKED) return this.over(FAILED);
    if (present.isOff || !('response_id' in event) || event.response_id !== present.id) return;
    this.waits(SILENT_FOR_MS, () => this.over(FAILED));
    if (event.type === 'response.output_audio.delta') present.wanted.hears(Buffer.from(event.delta, 'base64'), event.item_id);
    if (event.type === 'response.output_audio_transcript.delta') present.wanted.reads(event.delta, event.item_id);
  }

  private over(response: DoneResponse): void {
    const { wanted, isOff } = this.present!;
    this.free();
    if (!isOff) wanted.done(response);
  }

  private waits(ms: number, then: () => void): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(then, ms);
  }

  private free(): void {
    clearTimeout(this.patience);
    this.present = null;
    this.next();
  }

  private next(): void {
    if (this.present) return;
    const wanted = this.queue.shift();
    if (!wanted) return;
    this.present = { wanted, id: null, isOff: false };
    this.waits(SILENT_FOR_MS, () => this.over(FAILED));
    if (wanted.words === undefined) this.model.answer(wanted.mayUseTools ?? true, ASKED);
    else this.model.say(wanted.words, ASKED);
  }
}

