import { describe } from '@throughline/kernel/errors.js';
import type { DoneResponse } from '@throughline/llm/realtime.wire.js';
import type { RealtimeModel } from '@throughline/llm/realtime.js';
import type { ToolCall } from '@throughline/llm/model.types.js';
import type { Answered } from '../assistant/assistant.types.js';
import type { AssistantService } from '../assistant/assistant.service.js';
import type { Mouth } from './mouth.js';
import { Spoken } from './playback.js';
import type { Responses } from './responses.js';

type Opened = Awaited<ReturnType<AssistantService['live']['dialogue']['open']>>;
export type Turn = Exclude<Opened, string>;

/** Who is told that the caller hears something now. */
type Begun = () => void;

/** One answer of the model: its sound is kept until the record allows it to be heard; tools are used in between. */
export class Answering {
  private spoken: Spoken | null = null;
  private asking: Promise<void> | null = null;
  private waiting: { itemId: string; sound: Buffer }[] = [];
  private words = new Map<string, string>();
  private isRefused = false;
  /** Nobody wants it any more. */
  private isOff = false;

  constructor(private readonly turn: Turn, private readonly parts: { model: RealtimeModel; responses: Responses; mouth: Mouth }, private readonly begun: Begun) {}

  /** @param wish a tool that was asked for without a thought */
  async run(wish: ToolCall | null): Promise<Answered> {
    return this.think(wish).catch(async (error: unknown) => {
      this.close();
      await this.turn.giveBack(describe(error));
      throw error;
    });
  }

  private async think(wish: ToolCall | null): Promise<Answered> {
    const granted = wish && await this.use(wish, false);
    if (granted) return this.end(granted);
    for (let round = 0; round <= this.turn.rounds; round += 1) {
      const response = await this.respond(round < this.turn.rounds);
      await this.asking;
      if (!response || this.isRefused) return this.end('broken_off');
      if (this.spoken?.messageId) await this.turn.note(this.spoken.messageId, this.spoken.words);
      this.turn.noteUsage({ inputTokens: response.usage?.input_tokens ?? 0, outputTokens: response.usage?.output_tokens ?? 0 });
      if (response.status === 'cancelled') return this.end('broken_off');
      if (response.status === 'failed') return this.failed(response);
      const ended = await this.useAll(response);
      if (ended !== 'go_on') return this.end(ended);
    }
    return this.end('failed');
  }

  private respond(mayUseTools: boolean): Promise<DoneResponse | null> {
    return new Promise((resolve) => {
      this.parts.responses.want({
        mayUseTools,
        hears: (sound, itemId) => this.sounds(sound, itemId),
        reads: (words, itemId) => this.reads(words, itemId),
        done: (response) => {
          this.isOff ||= response === null;
          resolve(response);
        },
      });
    });
  }

  private sounds(sound: Buffer, itemId: string): void {
    if (this.isRefused || this.isOff) return;
    if (this.spoken) return this.parts.mouth.playback.add(this.spoken, itemId, sound);
    this.waiting.push({ itemId, sound });
    this.asking ??= this.turn.begin([...this.words.values()].join(' ').trim()).then((id) => this.open(id));
    this.asking.catch(() => (this.isRefused = true));
  }

  private open(messageId: string | null): void {
    if (messageId === null) {
      this.isRefused = true;
      return this.parts.responses.callOff();
    }
    // The caller was faster: the record has allowed it, and nothing of it is said.
    if (this.isOff) return this.parts.mouth.unsaid(messageId, [...this.words.values()].join(' '), this.turn.isBroken);
    this.spoken = new Spoken(messageId);
    this.begun();
    for (const [itemId, words] of this.words) this.spoken.part(itemId).words = words;
    this.parts.mouth.playback.begin(this.spoken);
    for (const { itemId, sound } of this.waiting) this.parts.mouth.playback.add(this.spoken, itemId, sound);
  }

  private reads(words: string, itemId: string): void {
    this.words.set(itemId, (this.words.get(itemId) ?? '') + words);
    if (this.spoken) this.spoken.part(itemId).words = this.words.get(itemId)!;
  }

  /** One after the other, in the model's order; each result goes back to the model. */
  private async useAll({ status, output }: DoneResponse): Promise<Answered | 'go_on'> {
    // What was cut off in the middle asks for nothing.
    const calls = status === 'completed' ? output.flatMap((item) => ('call_id' in item ? [item as { call_id: string; name: string; arguments: string }] : [])) : [];
    // A model that says nothing is asked once more.
    if (calls.length === 0) return this.spoken ? 'said' : 'go_on';
    for (const { call_id: id, name, arguments: args } of calls) {
      const ended = await this.use({ id, name, arguments: args }, true);
      if (ended) return ended;
    }
    return 'go_on';
  }

  /** @param isAsked by the model, which wants to know what came of it */
  private async use(call: ToolCall, isAsked: boolean): Promise<Answered | null> {
    const used = await this.turn.use(call, this.spoken?.words ?? '');
    if ('report' in used) {
      if (isAsked) this.parts.model.report(call.id, used.report);
      else this.parts.model.tell([{ role: 'system', content: `Note: ${used.report}` }]);
      return null;
    }
    return used.ended === 'handed_off' || used.ended === 'transferred' ? used.ended : 'broken_off';
  }

  private async failed({ status_details: details }: DoneResponse): Promise<Answered> {
    this.close();
    await this.turn.giveBack(`the model failed: ${details?.error?.code ?? details?.error?.type ?? 'no reason given'}`);
    return 'failed';
  }

  private async end(answered: Answered): Promise<Answered> {
    this.close();
    const said = { said: 'said', transferred: 'said', handed_off: 'handed_off' } as const;
    if (answered === 'failed') await this.turn.giveBack('the model has said nothing');
    else await this.turn.end(said[answered as keyof typeof said] ?? 'broken_off');
    return answered;
  }

  private close(): void {
    if (this.spoken) this.parts.mouth.playback.close(this.spoken);
  }
}
