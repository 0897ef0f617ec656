import { describe } from '@throughline/kernel/errors.js';
import { Filler } from '@throughline/kernel/patience.js';
import { Logger } from '@nestjs/common';
import type { Answered } from '../assistant/assistant.types.js';
import type { Conversation } from '../conversations/conversations.types.js';
import type { Line } from '../voice/voice.types.js';
import { Answering } from './answering.js';
import type { Hearing } from './hearing.js';
import type { Mouth } from './mouth.js';
import type { Rooms } from './realtime.types.js';

/** Why an answer ends before its end. After `line_lost` the question stays open. */
export type Why = 'barge_in' | 'taken_over' | 'hung_up' | 'line_lost';

interface Question {
  conversation: Conversation | undefined;
  mayWish: boolean;
}

/** One answer at a time; whatever the caller does ends it at once. */
export class Thinker {
  private readonly log = new Logger('Voice');
  private run: AbortController | null = null;
  private thinking: Promise<void> = Promise.resolve();
  /** The newest question that somebody thought about. */
  askedSeq = 0;

  constructor(private readonly rooms: Rooms, private readonly mouth: Mouth, private readonly after: (answered: Answered) => Promise<void>) {}

  get isBusy(): boolean {
    return this.run !== null;
  }

  /** @param conversation as it was when the question was heard @param mayWish something was pressed, which may need no thought */
  answer(line: Line, hearing: Hearing, conversation?: Conversation, mayWish = false): void {
    const run = new AbortController();
    this.run = run;
    this.askedSeq = Math.max(this.askedSeq, conversation?.lastInboundSeq ?? 0);
    this.thinking = this.think(line, hearing, run, { conversation, mayWish }).catch((error: unknown) => this.log.error(`call ${line.call.callSid}: ${describe(error)}`));
  }

  stop(why: Why): void {
    this.run?.abort(why);
    this.run = null;
  }

  /** Resolves when what was stopped is noted. */
  rests(): Promise<void> {
    return this.thinking;
  }

  private async think(line: Line, hearing: Hearing, run: AbortController, asked: Question): Promise<void> {
    const { filler: first, stillLooking } = this.rooms.voice.voiceOf(line.tenant).lines;
    const filler = new Filler(this.rooms.voice.limits, (isFirst) => {
      if (!run.signal.aborted) this.mouth.fill(isFirst ? first : stillLooking);
    });
    const answered = await this.answered(line, hearing, run, { ...asked, begun: () => filler.stop() })
      .catch((error: unknown): Answered => {
        this.log.error(`call ${line.call.callSid}: ${describe(error)}`);
        return 'failed';
      }).finally(() => filler.stop());
    if (run.signal.aborted || this.run !== run) return;
    this.run = null;
    await this.after(answered);
  }

  private async answered(line: Line, hearing: Hearing, run: AbortController, { conversation, mayWish, begun }: Question & { begun: () => void }): Promise<Answered> {
    const { tenant, conversationSid, aloud } = line;
    const { dialogue } = this.rooms.assistant.live;
    const turn = await dialogue.open(tenant.id, { conversationSid, conversation, aloud, signal: run.signal, say: (words) => this.mouth.announce(line, words) });
    if (typeof turn === 'string') return turn;
    turn.signal.addEventListener('abort', () => hearing.responses.callOff(), { once: true });
    const answering = new Answering(turn, { model: hearing.model, responses: hearing.responses, mouth: this.mouth }, begun);
    const answered = await answering.run(mayWish ? await turn.wish() : null);
    return turn.isTooLong ? 'failed' : answered;
  }
}
