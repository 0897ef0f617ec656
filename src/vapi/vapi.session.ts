import { Logger } from '@nestjs/common';
import { describe } from '@throughline/kernel/errors.js';
import { Filler } from '@throughline/kernel/patience.js';
import { reach } from '@throughline/kernel/points.js';
import type { Spoken } from '@throughline/vapi/wire.types.js';
import type { AssistantService } from '../assistant/assistant.service.js';
import type { Answered } from '../assistant/assistant.types.js';
import type { CallsService } from '../calls/calls.service.js';
import { isAtTwilio, type Next } from '../calls/calls.types.js';
import type { ConversationsService } from '../conversations/conversations.service.js';
import type { Conversation } from '../conversations/conversations.types.js';
import type { VoiceService } from '../voice/voice.service.js';
import type { Line, Watched } from '../voice/voice.types.js';
import type { BindingsService } from './bindings.service.js';
import { CallThread } from './call.thread.js';
import type { LinesService } from './lines.service.js';
import { Speaking } from './speaking.js';
import type { VapiCallRow } from './vapi.types.js';

/** What a call asks of the house. */
export interface Rooms {
  conversations: ConversationsService;
  calls: CallsService;
  assistant: AssistantService;
  voice: VoiceService;
  lines: LinesService;
  bindings: BindingsService;
  forget(row: VapiCallRow): void;
}

/** What a request comes to. `again`: the caller's words are known, and this was answered to them. */
type Step = 'nothing' | 'answer' | 'give_way' | { again: string };

/** Where the words of an answer go. */
export interface Sink {
  say(words: string): void;
}

const PEOPLE = new Set(['staff', 'specialist', 'queued']);
/** Nothing of Vapi's comes later than that, in milliseconds. */
const LATE_MS = 60_000;
/** Why Vapi is to ask us, though the caller has said nothing. What we make of it does not depend on these words. */
const WROTE = 'The caller has just written something.';
const RESUMED = 'The caller was cut off.';

/**
 * One call that Vapi hears and speaks in, as far as this process has to do with it. All that has to outlive it is in rows: another process that is asked next goes on
 * from there.
 */
export class VapiSession implements Watched {
  private readonly log = new Logger('Vapi');
  readonly speaking: Speaking;
  private readonly thread: CallThread;
  private work: Promise<void> = Promise.resolve();
  private run: AbortController | null = null;
  /** Requests whose words are not in the thread yet. */
  private untaken = 0;
  private askedSeq = 0;
  private isLeaving = false;
  isOver = false;
  /** The last answer was said to its end. */
  private isWhole = false;

  constructor(private readonly rooms: Rooms, readonly line: Line, private readonly row: VapiCallRow) {
    this.speaking = new Speaking(rooms.voice.limits);
    this.thread = new CallThread(rooms, line, row.vapiId);
  }

  get present(): Line | null {
    return this.isLeaving || this.isOver ? null : this.line;
  }

  /** Nothing more comes of it. */
  isReplaced(): void {
    this.isOver = true;
    this.rooms.voice.lookout.forget(this);
    this.rooms.forget(this.row);
    this.stop('closed');
  }

  /** Nobody says anything any more, and Vapi has left: there is nothing to go on with. */
  async fallsSilent(): Promise<void> {
    const { tenant, call } = this.line;
    await this.rooms.calls.leave(tenant.id, call, 'hang_up');
  }

  /** What Vapi says first is in the thread, as the house's own. A question that somebody left open is answered after it. */
  async greet(upToSeq: number): Promise<void> {
    await this.rooms.bindings.asks(this.row, upToSeq);
    await this.thread.note(this.row.greeting);
    this.speaking.lasts(this.row.greeting);
    if (this.line.call.sessions > 1) void this.speaking.over().then(() => this.prompt(RESUMED));
  }

  /** The whole history, and what the assistant says to it. Whatever it was saying before is over. */
  asked(history: readonly Spoken[], sink: Sink, signal: AbortSignal): Promise<void> {
    this.stop('closed');
    this.untaken += 1;
    const taken = this.work.then(() => this.take(history, signal)).finally(() => (this.untaken -= 1));
    this.work = taken.then((step) => this.follow(step, sink, signal)).catch((error: unknown) => this.giveUp(error, sink));
    return this.work;
  }

  /** What the caller has said since goes into the thread, and what they have heard. @returns what is to be done then */
  private async take(history: readonly Spoken[], signal: AbortSignal): Promise<Step> {
    // Whoever went on speaking is asked about in the next request, with all of it.
    if (signal.aborted || !this.present) return 'nothing';
    const { news, replies } = await this.thread.newsIn(history);
    if (news.words === '' && news.endsWithCaller) return { again: replies };
    await this.thread.settle(news);
    if (news.words === '') return 'answer';
    const conversation = await this.thread.hear(news);
    await reach('call.heard');
    return PEOPLE.has(conversation.owner) ? 'give_way' : 'answer';
  }

  private async follow(step: Step, sink: Sink, signal: AbortSignal): Promise<void> {
    if (step === 'give_way') return this.takenOver();
    if (step === 'answer') await this.answer(sink, signal);
    if (typeof step === 'string') return;
    // An answer did not reach Vapi, or not all of it. What is whole is said again; what is not is thought of again.
    if (!this.isWhole) await this.thread.settle('broken');
    if ((await this.answer(sink, signal)) === 'over') sink.say(step.again);
  }

  /** Said by nobody who has been asked about it: the call was over before. */
  async heardLast(history: readonly Spoken[]): Promise<void> {
    await this.work;
    const { news } = await this.thread.newsIn(history);
    await this.thread.settle(news);
    if (news.words !== '') await this.thread.hear(news);
  }

  private async answer(sink: Sink, signal: AbortSignal): Promise<Answered> {
    if (signal.aborted || !this.present) return 'broken_off';
    const { tenant, conversationSid, aloud } = this.line;
    const run = new AbortController();
    this.run = run;
    signal.addEventListener('abort', () => run.abort('closed'), { once: true });
    const { filler, stillLooking } = this.words;
    const say = (words: string): void => {
      if (run.signal.aborted) return;
      this.speaking.lasts(words);
      sink.say(words);
    };
    const patience = new Filler(this.rooms.voice.limits, (isFirst) => say(`${isFirst ? filler : stillLooking} `));
    const answered = await this.rooms.assistant.live
      .answer(tenant.id, { conversationSid, aloud, speaker: { begin: () => patience.stop(), say }, signal: run.signal })
      .catch((error: unknown): Answered => {
        this.log.error(`call ${this.line.call.callSid}: ${describe(error)}`);
        return 'failed';
      }).finally(() => patience.stop());
    this.isWhole = answered === 'said';
    if (run.signal.aborted) await this.afterEnd();
    else {
      this.run = null;
      await this.after(answered, say);
    }
    return answered;
  }

  private async after(answered: Answered, say: Sink['say']): Promise<void> {
    if (answered === 'handed_off' || answered === 'transferred') return this.leave(answered === 'transferred' ? 'transfer' : 'voicemail');
    if (answered === 'not_ours') return this.takenOver();
    if (answered === 'broken_off') return this.rooms.voice.lookout.look();
    if (answered !== 'failed') return;
    await this.thread.note(this.words.sorry);
    say(this.words.sorry);
    return this.leave('voicemail');
  }

  /** What was begun when the call was over by then is said no more. */
  private async afterEnd(): Promise<void> {
    const call = await this.rooms.calls.find(this.line.tenant.id, this.line.call.callSid);
    if (call?.state === 'ended') await this.thread.settle('heard');
  }

  async consider(conversation: Conversation | null): Promise<void> {
    const { present: line } = this;
    if (!line || this.untaken > 0) return;
    const { tenant, call } = line;
    if (conversation?.mergedInto) line.conversationSid = await this.rooms.calls.follow(tenant.id, call.callSid) ?? line.conversationSid;
    // Who is queued while an answer goes on was handed over by that.
    else if (!conversation || (PEOPLE.has(conversation.owner) && !(this.run && conversation.owner === 'queued'))) this.takenOver();
    else if (this.run) return;
    else if (call.proved && conversation.lastInboundSeq > this.askedSeq) await this.wrote(conversation);
    else if (conversation.lastSeq !== line.newsSeq) await this.tellNews(line, conversation.lastSeq);
  }

  /** A text is answered in the call, where Vapi can be told to ask. What the caller has said, Vapi asks about by itself. */
  private async wrote({ lastInboundSeq }: Conversation): Promise<void> {
    this.askedSeq = lastInboundSeq;
    if ((await this.thread.newestIsWritten()) && (await this.rooms.bindings.asks(this.row, lastInboundSeq))) await this.prompt(WROTE);
  }

  private async prompt(content: string): Promise<void> {
    if (this.present && !this.run) await this.rooms.lines.tell(this.row.controlUrl, { type: 'add-message', message: { role: 'system', content }, triggerResponseEnabled: true });
  }

  /** What became of a specialist for whom the caller did not have to wait. */
  private async tellNews(line: Line, seq: number): Promise<void> {
    line.newsSeq = seq;
    const news = await this.rooms.voice.newsOf(line);
    if (news) await this.aside(news);
  }

  /** People have the word. Vapi is out of the call in the middle of a sentence; the caller hears why where they come to. */
  private takenOver(): void {
    this.stop('taken_over');
    this.speaking.rests();
    this.leave('voicemail', this.rooms.voice.anew);
  }

  /** A sentence of the house's own, outside of any answer. */
  private async aside(words: string): Promise<void> {
    const isHeard = await this.rooms.lines.tell(this.row.controlUrl, { type: 'say', content: words, endCallAfterSpoken: false });
    if (!isHeard) return;
    this.speaking.lasts(words);
    await this.thread.note(words);
  }

  /** When the last words are spoken, the caller goes on to what comes next. Nobody waits for that here. */
  private leave(next: Next, to = this.rooms.voice.whenClosed('vapi')): void {
    if (!this.present) return;
    this.isLeaving = true;
    this.rooms.voice.lookout.forget(this);
    void this.goOn(next, to).catch((error: unknown) => {
      this.log.error(`call ${this.line.call.callSid} could not be moved: ${describe(error)}`);
      // Whatever the caller says next is another try.
      this.isLeaving = false;
    });
  }

  private async goOn(next: Next, to: string): Promise<void> {
    const { tenant, call } = this.line;
    await this.speaking.over();
    await this.thread.settle('heard');
    // Another process may have been faster; where it has died, whatever the caller says next is another try.
    if (!(await this.rooms.bindings.moves(this.row))) return void (this.isLeaving = false);
    if (!isAtTwilio(call.callSid)) return void (await this.rooms.lines.tell(this.row.controlUrl, { type: 'say', content: this.words.takenOver, endCallAfterSpoken: true }));
    await this.rooms.calls.leave(tenant.id, call, next);
    await this.rooms.lines.move(call.callSid, to);
    // What Vapi still asks is answered with nothing.
    setTimeout(() => this.isReplaced(), LATE_MS).unref();
  }

  private get words(): ReturnType<VoiceService['voiceOf']>['lines'] {
    return this.rooms.voice.voiceOf(this.line.tenant).lines;
  }

  private stop(why: 'closed' | 'taken_over'): void {
    this.run?.abort(why);
    this.run = null;
  }

  private giveUp(error: unknown, sink: Sink): void {
    this.log.error(`call ${this.line.call.callSid} goes to voicemail: ${describe(error)}`);
    this.stop('taken_over');
    sink.say(this.words.sorry);
    this.speaking.lasts(this.words.sorry);
    this.leave('voicemail');
  }
}
