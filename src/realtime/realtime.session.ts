import { Logger } from '@nestjs/common';
import { describe } from '@throughline/kernel/errors.js';
import { Keypad, Silence } from '@throughline/kernel/patience.js';
import { reach } from '@throughline/kernel/points.js';
import { storable } from '@throughline/llm/guardrails.js';
import type { MediaFrame, MediaReply } from '@throughline/twilio/voice.types.js';
import type { WebSocket } from 'ws';
import type { Answered } from '../assistant/assistant.types.js';
import type { Next } from '../calls/calls.types.js';
import type { Conversation } from '../conversations/conversations.types.js';
import type { Attendant, Found, Line, Watched } from '../voice/voice.types.js';
import { CallerSound } from './caller.sound.js';
import { type Ears, Hearing } from './hearing.js';
import { mediaFrameIn } from './media.parser.js';
import { Mouth } from './mouth.js';
import type { Rooms } from './realtime.types.js';
import { Thinker } from './thinker.js';

const keyOf = ({ call }: Line, key: string): string => `${call.callSid}/${call.session}/${key}`;

const PEOPLE = new Set(['staff', 'specialist']);
/** A line to the model that broke is made anew so often in a call. */
const MOST_LINES_LOST = 2;
/** For words that the caller said last and that are still being written down, in milliseconds. */
const LAST_WORDS_MS = 3_000;
const LATE_MARK_MS = 3_000;
const INTERNAL_ERROR = 1011;

/**
 * One call over one socket of sound, and a line to the model beside it. The hub says when the model answers, and keeps every sound until the record allows it.
 * Nothing of the call lives only here: who takes over from a process that died finds it in the rows.
 */
export class RealtimeSession implements Attendant, Watched, Ears {
  private readonly log = new Logger('Voice');
  private readonly mouth: Mouth;
  private readonly thinker: Thinker;
  private readonly keypad: Keypad;
  private readonly silence: Silence;
  /** Items of the model whose words are not written down yet, and what they are in the thread. */
  private readonly unwritten = new Map<string, string>();
  /** What is heard once more. */
  private again: string | null = null;
  private streamSid = '';
  private line: Line | null = null;
  private hearing: Hearing | null = null;
  private losses = 0;
  private readonly sound = new CallerSound();
  private opening: (() => Promise<void>) | null = null;
  private work: Promise<void> = Promise.resolve();
  private pending = 0;
  private pressed = 0;
  private leaving: { mayStay: boolean } | null = null;
  private isClosed = false;
  /** Twilio has ended it: the call went on elsewhere, or is over. Otherwise the caller is still there, and comes back. */
  private hasStopped = false;

  constructor(private readonly rooms: Rooms, private readonly found: Found, private readonly socket: WebSocket) {
    this.mouth = new Mouth(rooms, (frame) => this.send(frame), { hearing: () => this.hearing, line: () => this.line });
    this.thinker = new Thinker(rooms, this.mouth, (answered) => this.after(answered));
    this.keypad = new Keypad(rooms.voice.limits.keysMs, (keys) => this.presses(keys));
    this.silence = new Silence(() => this.mouth.playback.leftMs, (times) => this.quiet(times).catch((error: unknown) => this.giveUp(error)));
  }

  take(text: string): boolean {
    const frame = mediaFrameIn(text);
    if (frame === 'malformed') return false;
    if (frame) this.act(frame);
    return true;
  }

  closed(code: number): void {
    this.isClosed = true;
    this.rooms.voice.lookout.forget(this);
    this.silence.stop();
    this.keypad.stop();
    const isOver = code === 1000 || this.hasStopped;
    this.thinker.stop(isOver ? 'hung_up' : 'line_lost');
    this.mouth.cut(isOver ? undefined : 'broken');
    setTimeout(() => this.hearing?.close(), this.unwritten.size > 0 ? LAST_WORDS_MS : 0).unref();
  }

  private act(frame: MediaFrame): void {
    switch (frame.event) {
      case 'start':
        this.streamSid = frame.streamSid;
        return this.inOrder(() => this.begin(frame.start.callSid));
      case 'media':
        this.sound.take(frame.media.payload, this.hearing !== null);
        return this.hearing?.hear(frame.media.payload);
      case 'dtmf':
        this.silence.broken();
        return this.keypad.press(frame.dtmf.digit);
      case 'mark':
        this.mouth.playback.reached(frame.mark.name);
        if (this.mouth.playback.leftMs === 0) this.silence.arm();
        return undefined;
      case 'stop':
        this.hasStopped = true;
    }
  }

  private async begin(callSid: string): Promise<void> {
    const call = callSid === this.found.callSid && !this.line ? await this.rooms.calls.answer(this.found.tenantId, callSid, 'realtime') : null;
    if (!call) return this.socket.close(1008, 'no such call');
    const tenant = await this.rooms.tenancy.tenant(this.found.tenantId);
    const conversationSid = await this.rooms.calls.conversationOf(this.found.tenantId, callSid, this.rooms.voice.limits.conversationMs);
    if (!conversationSid) return this.goes(call, 'voicemail');
    this.thinker.askedSeq = (await this.rooms.conversations.find(this.found.tenantId, conversationSid))?.lastInboundSeq ?? 0;
    if (this.isClosed) return;
    this.line = { tenant, call, conversationSid, aloud: this.rooms.calls.aloud(call) };
    const isFirst = call.sessions === 1;
    await this.open(isFirst ? this.rooms.voice.greetingOf(this.line) : (await this.rooms.voice.newsOf(this.line)) ?? this.house.back, !isFirst);
    if (!this.isClosed) this.silence.begin(tenant.settings.voice.silenceSeconds * 1_000);
  }

  /** A line to the model. @param words what the caller hears first; at once, where that needs no model @param resumes a question may be open */
  private async open(words: string | null, resumes: boolean): Promise<void> {
    const { line } = this;
    const brief = line && await this.rooms.assistant.live.dialogue.brief(this.found.tenantId, line.conversationSid, line.aloud);
    if (!line || this.isClosed) return;
    if (!brief) return this.leave('voicemail', []);
    this.hearing = new Hearing(this.rooms, { line, brief, early: this.sound.toHear(this.again !== null) }, this);
    const early = words !== null && this.mouth.has(words) ? this.announce(words) : null;
    this.opening = async () => {
      await (early ?? this.announce(words));
      // What is heard once more is answered as it was the first time.
      if (resumes && !this.again) this.answer();
      else this.prepare();
    };
  }

  ready(): void {
    void this.opening?.().catch((error: unknown) => this.giveUp(error));
  }

  private prepare(): void {
    if (!this.thinker.isBusy) this.mouth.prepare([this.house.filler, this.house.stillLooking, this.house.stillThere]);
  }

  /** The line to the model is gone. The caller is not: a new one is given the thread. */
  lost(why: string, isHopeless: boolean): void {
    this.log.warn(`call ${this.found.callSid}: the model's line is lost: ${why}`);
    this.hearing = null;
    if (this.isClosed || this.leaving) return;
    this.losses += 1;
    this.thinker.stop('line_lost');
    this.mouth.cut('broken');
    const [again, ...others] = [...this.unwritten.keys()].toReversed();
    for (const itemId of others) this.wrote(itemId, '');
    this.again = (again && this.unwritten.get(again)) ?? this.again;
    this.unwritten.clear();
    this.inOrder(async () => {
      await this.thinker.rests();
      if (isHopeless || this.losses > MOST_LINES_LOST) await this.leave('lower', []);
      else await this.open(this.again ? null : this.house.back, true);
    });
  }

  interrupted(): void {
    this.sound.begins();
    this.silence.broken();
    // Who speaks is there after all.
    if (this.leaving?.mayStay) this.leaving = null;
    this.thinker.stop('barge_in');
    this.hearing?.responses.callOff();
    this.mouth.cut();
  }

  heard(itemId: string): void {
    this.silence.broken();
    const key = this.again ?? itemId;
    this.again = null;
    this.unwritten.set(itemId, key);
    this.hears({ body: '', key, isUnwritten: true });
  }

  wrote(itemId: string, words: string): void {
    const key = this.unwritten.get(itemId) ?? itemId;
    this.inOrder(async () => {
      this.unwritten.delete(itemId);
      const { line } = this;
      if (line) await this.rooms.conversations.aloud.writeDown(this.found.tenantId, line.conversationSid, keyOf(line, key), storable(words).trim());
    });
  }

  private presses(keys: string): void {
    this.interrupted();
    this.hearing?.model.tell([{ role: 'user', content: `${keys} [pressed on the keypad]` }]);
    this.hears({ body: keys, key: `keys/${++this.pressed}`, remarks: ['pressed on the keypad'] });
  }

  private hears({ key, ...what }: { body: string; key: string; isUnwritten?: boolean; remarks?: string[] }): void {
    this.inOrder(async () => {
      const { line } = this;
      if (!line) return;
      this.thinker.stop('barge_in');
      await this.thinker.rests();
      const { conversationSid, aloud } = line;
      const conversation = await this.rooms.conversations.aloud.hear(this.found.tenantId, { conversationSid, aloud, ...what, key: keyOf(line, key) });
      await reach('call.heard');
      if (PEOPLE.has(conversation.owner) || conversation.owner === 'queued') return this.takenOver();
      this.answer(conversation, what.remarks !== undefined);
    });
  }

  private answer(conversation?: Conversation, mayWish = false): void {
    if (this.line && this.hearing?.isReady && !this.isClosed && !this.leaving) this.thinker.answer(this.line, this.hearing, conversation, mayWish);
  }

  private async after(answered: Answered): Promise<void> {
    this.silence.broken();
    if (answered === 'handed_off' || answered === 'transferred') return this.leave(answered === 'transferred' ? 'transfer' : 'voicemail', []);
    if (answered === 'failed') return this.leave('lower', []);
    if (answered === 'not_ours') return this.takenOver();
    if (answered === 'broken_off') return this.rooms.voice.lookout.look();
    this.prepare();
  }

  get present(): Line | null {
    return this.leaving || this.isClosed ? null : this.line;
  }

  isReplaced(): void {
    this.socket.close(1000);
  }

  async consider(conversation: Conversation | null): Promise<void> {
    const { present: line } = this;
    if (!line || this.pending > 0) return undefined;
    if (conversation?.mergedInto) line.conversationSid = await this.rooms.calls.follow(this.found.tenantId, line.call.callSid) ?? line.conversationSid;
    else if (!conversation || PEOPLE.has(conversation.owner) || (conversation.owner === 'queued' && !this.thinker.isBusy)) return this.takenOver();
    else if (this.thinker.isBusy || !this.hearing?.isReady) return undefined;
    else if (line.call.proved && conversation.lastInboundSeq > this.thinker.askedSeq) await this.hearing.tellBeside().then(() => this.answer(conversation));
    else if (conversation.lastSeq !== line.newsSeq) await this.tellNews(line, conversation.lastSeq);
  }

  private async tellNews(line: Line, seq: number): Promise<void> {
    line.newsSeq = seq;
    const news = await this.rooms.voice.newsOf(line);
    await this.hearing?.tellBeside();
    if (news) await this.announce(news).then(() => this.silence.broken());
  }

  private async takenOver(): Promise<void> {
    this.thinker.stop('taken_over');
    this.hearing?.responses.callOff();
    this.mouth.cut();
    await this.leave('voicemail', [this.house.takenOver]);
  }

  private async quiet(times: number): Promise<void> {
    if (this.thinker.isBusy || this.leaving || !this.line) return this.silence.broken();
    const waits = await this.rooms.voice.saidInSilence(this.line);
    if (waits) return this.announce(waits).then(() => this.silence.broken());
    if (times === 1) return this.announce(this.house.stillThere);
    await this.leave('hang_up', [this.house.goodbye], true);
  }

  /** The last words, and only when they are played the end. */
  private async leave(next: Next, lines: readonly string[], mayStay = false): Promise<void> {
    if (this.leaving || this.isClosed || !this.line) return;
    const leaving = { mayStay };
    this.leaving = leaving;
    for (const line of lines) await this.announce(line);
    await this.mouth.playback.rests(LATE_MARK_MS);
    if (this.leaving === leaving && !this.isClosed) await this.goes(this.line.call, next);
  }

  /** Twilio goes on when the socket is closed, and asks what comes next. */
  private async goes(call: Line['call'], next: Next): Promise<void> {
    await this.rooms.calls.leave(this.found.tenantId, call, next).catch((error: unknown) => this.log.error(`call ${call.callSid}: ${describe(error)}`));
    this.socket.close(1000);
  }

  private async announce(words: string | null): Promise<void> {
    if (this.line && words !== null) await this.mouth.announce(this.line, words);
  }

  private get house() {
    return this.rooms.voice.voiceOf(this.line!.tenant).lines;
  }

  private inOrder(work: () => Promise<void>): void {
    this.pending += 1;
    this.work = this.work.then(work).catch((error: unknown) => this.giveUp(error)).finally(() => (this.pending -= 1));
  }

  private async giveUp(error: unknown): Promise<void> {
    this.log.error(`call ${this.found.callSid} goes to somebody else: ${describe(error)}`);
    this.thinker.stop('line_lost');
    if (this.line) await this.leave('lower', []);
    else this.socket.close(INTERNAL_ERROR);
  }

  private send(frame: MediaReply): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(JSON.stringify({ ...frame, streamSid: this.streamSid }));
  }
}
