import { storable } from '@throughline/llm/guardrails.js';
import { describe } from '@throughline/kernel/errors.js';
import { Logger } from '@nestjs/common';
import type { Hearing as Heard } from '../conversations/conversations.types.js';
import type { Line } from '../voice/voice.types.js';
import type { Hearing } from './hearing.js';
import { Playback, Spoken } from './playback.js';
import type { Rooms } from './realtime.types.js';

/**
 * What goes to the caller's ear, and what becomes of it in the thread. What the house itself says is said by the model, in its voice; what was said once needs
 * no model any more.
 */
export class Mouth {
  private readonly log = new Logger('Voice');
  readonly playback: Playback;

  constructor(private readonly rooms: Rooms, send: ConstructorParameters<typeof Playback>[0], private readonly sight: { hearing(): Hearing | null; line(): Line | null }) {
    this.playback = new Playback(send, (spoken) => void this.settle(spoken, 'heard'));
  }

  has(words: string): boolean {
    return this.recorded(words) !== null;
  }

  /** Says it, and notes it in the thread. Resolves when all of it is on its way. Where there is no model to say it nothing is noted: nobody hears it. */
  async announce({ tenant, call, conversationSid, aloud }: Line, words: string): Promise<void> {
    const recorded = this.recorded(words);
    const hearing = this.sight.hearing();
    if (!recorded && !hearing) return;
    // Where it cannot be noted it is said all the same.
    const id = await this.rooms.conversations.aloud.announce(tenant.id, conversationSid, storable(words), aloud).catch((error: unknown) => this.failed(call.callSid, error));
    const spoken = new Spoken(id);
    const part = spoken.part(null);
    this.playback.begin(spoken);
    if (recorded) this.playback.add(spoken, null, recorded);
    else {
      // What the thread keeps is what was said, should the model have made something else of it.
      await this.said(hearing!, words, { hears: (sound) => this.playback.add(spoken, null, sound), reads: (more) => (part.words += more) });
    }
    part.words ||= words;
    this.playback.close(spoken);
    this.sight.hearing()?.model.tell([{ role: 'system', content: `Said automatically: ${part.words}` }]);
  }

  /** Something to be heard while an answer is thought of; nothing, where nobody has ever said it. */
  fill(words: string): void {
    const recorded = this.recorded(words);
    if (!recorded) return;
    const spoken = new Spoken(null);
    this.playback.begin(spoken);
    this.playback.add(spoken, null, recorded);
    this.playback.close(spoken);
  }

  /** Has these said to nobody, so that they are at hand when the model is slow. */
  prepare(all: readonly string[]): void {
    const hearing = this.sight.hearing();
    for (const words of all) if (hearing && !this.has(words)) void this.said(hearing, words, {});
  }

  /** Not another sound, and what was not heard is remembered neither by us nor by the model. @param end what it is called in the thread */
  cut(end?: 'broken'): void {
    for (const spoken of this.playback.cut()) {
      for (const { part, ms } of spoken.heard) if (part.itemId && ms < part.ms) this.sight.hearing()?.model.truncate(part.itemId, ms);
      void this.settle(spoken, end ?? (spoken.heardWords === '' ? 'unheard' : 'cut'));
    }
  }

  /** Words that were allowed, and of which nothing was heard. @param isBroken because the line broke */
  unsaid(messageId: string, words: string, isBroken: boolean): void {
    const spoken = new Spoken(messageId);
    spoken.part(null).words = words;
    void this.settle(spoken, isBroken ? 'broken' : 'unheard');
  }

  /** What cannot be noted now is settled at the end of the call. */
  private async settle(spoken: Spoken, hearing: Heard): Promise<void> {
    const line = this.sight.line();
    const words = hearing === 'heard' ? spoken.words : spoken.heardWords || spoken.words;
    if (!line || !spoken.messageId) return;
    await this.rooms.conversations.aloud.settle(line.tenant.id, line.conversationSid, spoken.messageId, storable(words), hearing)
      .catch((error: unknown) => this.failed(line.call.callSid, error));
  }

  private failed(callSid: string, error: unknown): null {
    this.log.error(`call ${callSid}: ${describe(error)}`);
    return null;
  }

  private recorded(words: string): Buffer | null {
    return this.rooms.recorded.of(this.rooms.settings.voice, words);
  }

  private said(hearing: Hearing, words: string, ear: { hears?: (sound: Buffer) => void; reads?: (words: string) => void }): Promise<void> {
    const made = { said: '', sound: Buffer.alloc(0) };
    return new Promise((resolve) => {
      hearing.responses.want({
        words,
        hears: (sound) => {
          made.sound = Buffer.concat([made.sound, sound]);
          ear.hears?.(sound);
        },
        reads: (more) => {
          made.said += more;
          ear.reads?.(more);
        },
        done: (response) => {
          if (response?.status === 'completed') this.rooms.recorded.keep(this.rooms.settings.voice, words, made.said, made.sound);
          resolve();
        },
      });
    });
  }
}
