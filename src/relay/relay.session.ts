import { Logger } from '@nestjs/common';
import { describe } from '@throughline/kernel/errors.js';
import { Filler, Keypad, Silence } from '@throughline/kernel/patience.js';
import { reach } from '@throughline/kernel/points.js';
import { storable } from '@throughline/llm/guardrails.js';
import type { RelayFrame, RelayReply } from '@throughline/twilio/voice.types.js';
import type { WebSocket } from 'ws';
import type { Answered } from '../assistant/assistant.types.js';
import type { Next } from '../calls/calls.types.js';
import type { Conversation, Settled } from '../conversations/conversations.types.js';
import type { Attendant, Found, Line, Watched } from '../voice/voice.types.js';
import { Mouth } from './mouth.js';
import { ending, frameIn } from './relay.parser.js';
import type { Rooms } from './relay.types.js';
import { Utterances } from './utterances.js';

const PEOPLE = new Set(['staff', 'specialist']);

/**
 * One call over one socket. What the caller says is taken one after the other; one answer is thought of at a time; whatever the caller does ends
 * it at once. Nothing of the call lives only here: who takes over from a process that died finds it in the rows.
 */
export class RelaySession implements Attendant, Watched {
  private readonly log = new Logger('Voice');
  private readonly utterances = new Utterances();
  private readonly mouth: Mouth;
  private readonly keypad: Keypad;
  private readonly silence: Silence;
  private line: Line | null = null;
  private language = 'en-US';
  private work: Promise<void> = Promise.resolve();
  private thinking: Promise<void> = Promise.resolve();
  private run: AbortController | null = null;
  private pending = 0;
  private heardWords = 0;
  /** The newest question that somebody thought about. */
  private askedSeq = 0;
  private leaving: { mayStay: boolean } | null = null;
  private isClosed = false;

  constructor(private readonly rooms: Rooms, private readonly found: Found, private readonly socket: WebSocket) {
    this.mouth = new Mouth((frame) => this.send(frame), rooms.voice.limits);
    this.keypad = new Keypad(rooms.voice.limits.keysMs, (keys) => this.hears(keys, ['pressed on the keypad']));
    this.silence = new Silence(() => this.mouth.leftMs, (times) => this.quiet(times).catch((error: unknown) => this.giveUp(error)));
  }

  take(text: string): boolean {
    const frame = frameIn(text);
    if (frame === 'malformed') return false;
    if (frame) this.act(frame);
    return true;
  }

  /** @param code 1000: the call went on elsewhere, or is over. Anything else: the caller is still there, and comes back */
  closed(code: number): void {
    this.isClosed = true;
    this.rooms.voice.lookout.forget(this);
    this.silence.stop();
    this.keypad.stop();
    this.mouth.cut();
    this.stop(code === 1000 ? 'hung_up' : 'line_lost');
  }

  private act(frame: RelayFrame): void {
    switch (frame.type) {
      case 'setup':
        return this.inOrder(() => this.begin(frame.callSid));
      case 'prompt':
        this.silence.broken();
        if (frame.last) this.hears(frame.voicePrompt, [], frame.lang);
        return undefined;
      case 'interrupt':
        return this.interrupted(frame.utteranceUntilInterrupt);
      case 'dtmf':
        this.silence.broken();
        return this.keypad.press(frame.digit);
      case 'info':
        if (frame.name === 'tokensPlayed') this.mouth.notePlayed();
        if (frame.name === 'clientSpeaking') this.silence.broken();
        if (frame.name === 'agentSpeaking' && frame.value === 'off') this.fellSilent();
        return undefined;
      case 'error':
        this.log.warn(`Twilio says of call ${this.found.callSid}: ${frame.description.slice(0, 200)}`);
    }
  }

  private fellSilent(): void {
    this.mouth.noteSilent();
    if (this.mouth.leftMs === 0) this.silence.arm();
  }

  private async begin(callSid: string): Promise<void> {
    const call = callSid === this.found.callSid && !this.line ? await this.rooms.calls.answer(this.found.tenantId, callSid, 'relay') : null;
    if (!call) return this.socket.close(1008, 'no such call');
    const tenant = await this.rooms.tenancy.tenant(this.found.tenantId);
    this.language = tenant.settings.voice.languages[0]!;
    const conversationSid = await this.rooms.calls.conversationOf(this.found.tenantId, callSid, this.rooms.voice.limits.conversationMs);
    if (!conversationSid) return this.send(ending('voicemail'));
    this.askedSeq = (await this.rooms.conversations.find(this.found.tenantId, conversationSid))?.lastInboundSeq ?? 0;
    if (this.isClosed) return;
    this.line = { tenant, call, conversationSid, aloud: this.rooms.calls.aloud(call) };
    const isFirst = call.sessions === 1;
    await this.announce(isFirst ? this.rooms.voice.greetingOf(this.line) : (await this.rooms.voice.newsOf(this.line)) ?? this.lines.back, !isFirst);
    if (!this.isClosed) this.silence.begin(tenant.settings.voice.silenceSeconds * 1_000);
    if (!isFirst) this.answer();
  }

  /** The caller's words, or keys. Whatever was being said is over. */
  private hears(words: string, remarks: string[], lang?: string): void {
    const body = storable(words).trim();
    if (body === '') return;
    this.stay();
    this.stop('barge_in');
    this.inOrder(async () => {
      if (!this.line) return;
      this.stop('barge_in');
      await this.thinking;
      this.mouth.close();
      this.speaks(lang);
      const before = this.utterances.heard();
      const { line: { call, conversationSid, aloud } } = this;
      const key = `${call.callSid}/${call.session}/${++this.heardWords}`;
      const conversation = await this.rooms.conversations.aloud.hear(this.found.tenantId, { conversationSid, body, remarks, aloud, key, before });
      await reach('call.heard');
      if (PEOPLE.has(conversation.owner) || conversation.owner === 'queued') return this.takenOver();
      this.answer(conversation.lastInboundSeq, conversation);
    });
  }

  /** Nothing of the present answer is said from here on. */
  private interrupted(heard: string): void {
    this.silence.broken();
    this.stay();
    this.stop('barge_in');
    this.mouth.cut();
    const settled = this.utterances.cutAt(heard);
    this.inOrder(() => this.settle(settled));
  }

  private answer(upToSeq?: number, conversation?: Conversation): void {
    const { line } = this;
    if (!line || this.isClosed || this.leaving) return;
    const run = new AbortController();
    this.run = run;
    this.askedSeq = Math.max(this.askedSeq, upToSeq ?? 0);
    this.thinking = this.think(line, run, conversation).catch((error: unknown) => void this.broken(error));
  }

  private async think({ conversationSid, aloud }: Line, run: AbortController, conversation?: Conversation): Promise<void> {
    const filler = this.fill(run);
    const speaker = {
      begin: (messageId: string) => {
        filler.stop();
        this.utterances.begin(messageId);
      },
      say: (words: string) => {
        this.utterances.say(words);
        this.mouth.say(words);
      },
    };
    const answered = await this.rooms.assistant.live.answer(this.found.tenantId, { conversationSid, conversation, aloud, speaker, signal: run.signal })
      .catch((error: unknown): Answered => {
        this.log.error(`call ${this.found.callSid}: ${describe(error)}`);
        return 'failed';
      }).finally(() => filler.stop());
    if (run.signal.aborted || this.run !== run) return;
    this.run = null;
    this.mouth.close();
    this.silence.broken();
    await this.after(answered);
  }

  private async after(answered: Answered): Promise<void> {
    if (answered === 'handed_off' || answered === 'transferred') return this.leave(answered === 'transferred' ? 'transfer' : 'voicemail', []);
    if (answered === 'failed') return this.leave('voicemail', [this.lines.sorry]);
    if (answered === 'not_ours') return this.takenOver();
    if (answered === 'broken_off') return this.rooms.voice.lookout.look();
  }

  private fill(run: AbortController): Filler {
    return new Filler(this.rooms.voice.limits, (isFirst) => {
      if (run.signal.aborted || this.isClosed) return;
      const words = isFirst ? this.lines.filler : this.lines.stillLooking;
      this.utterances.fill(words);
      this.mouth.say(`${words} `);
    });
  }

  get present(): Line | null {
    return this.leaving || this.isClosed ? null : this.line;
  }

  isReplaced(): void {
    this.socket.close(1000);
  }

  /** The conversation as it is now. What the caller is saying at the moment comes first. */
  async consider(conversation: Conversation | null): Promise<void> {
    const { present: line } = this;
    if (!line || this.pending > 0) return undefined;
    if (conversation?.mergedInto) line.conversationSid = await this.rooms.calls.follow(this.found.tenantId, line.call.callSid) ?? line.conversationSid;
    else if (!conversation || PEOPLE.has(conversation.owner) || (conversation.owner === 'queued' && !this.run)) return this.takenOver();
    else if (!this.run && line.call.proved && conversation.lastInboundSeq > this.askedSeq) this.answer(conversation.lastInboundSeq);
    else if (!this.run && conversation.lastSeq !== line.newsSeq) await this.tellNews(line, conversation.lastSeq);
  }

  /** What became of a specialist for whom the caller did not have to wait. */
  private async tellNews(line: Line, seq: number): Promise<void> {
    line.newsSeq = seq;
    const news = await this.rooms.voice.newsOf(line);
    if (news) await this.announce(news, true).then(() => this.silence.broken());
  }

  private async takenOver(): Promise<void> {
    this.stop('taken_over');
    await this.leave('voicemail', [this.lines.takenOver]);
  }

  private async quiet(times: number): Promise<void> {
    if (this.run || this.leaving || !this.line) return this.silence.broken();
    const waits = await this.rooms.voice.saidInSilence(this.line);
    if (waits) return this.announce(waits, true).then(() => this.silence.broken());
    if (times === 1) return this.announce(this.lines.stillThere, true);
    await this.leave('hang_up', [this.lines.goodbye], true);
  }

  /** The last words, and only when they are spoken the end. */
  private async leave(next: Next, lines: readonly string[], mayStay = false): Promise<void> {
    if (this.leaving || this.isClosed) return;
    const leaving = { mayStay };
    this.leaving = leaving;
    for (const line of lines) await this.announce(line, true);
    await this.mouth.rests();
    if (this.leaving !== leaving || this.isClosed) return;
    await this.settle(this.utterances.heard());
    this.send(ending(next));
  }

  /** Who speaks is there after all. */
  private stay(): void {
    if (this.leaving?.mayStay) this.leaving = null;
  }

  /** A sentence of the house's own. Where it cannot be noted it is said all the same. @param isOurs false: Twilio says it by itself */
  private async announce(words: string, isOurs: boolean): Promise<void> {
    const { line } = this;
    const id = line && await this.rooms.conversations.aloud.announce(this.found.tenantId, line.conversationSid, words, line.aloud).catch((error: unknown) => this.broken(error));
    if (id && this.isClosed) return this.settle([{ messageId: id, body: words, hearing: 'unheard' }]);
    if (id) this.utterances.begin(id);
    if (id) this.utterances.say(words);
    if (isOurs) this.mouth.line(words);
    else this.mouth.lasts(words);
  }

  /** What cannot be noted now is settled at the end of the call. */
  private async settle(all: readonly Settled[]): Promise<void> {
    const { aloud } = this.rooms.conversations;
    for (const { messageId, body, hearing } of this.line ? all : []) {
      await aloud.settle(this.found.tenantId, this.line!.conversationSid, messageId, body, hearing).catch((error: unknown) => this.broken(error));
    }
  }

  /** The caller speaks another of the tenant's languages. */
  private speaks(lang: string | undefined): void {
    const wanted = lang && this.line && this.rooms.voice.languageOf(this.line.tenant, lang);
    if (!wanted || wanted === this.language) return;
    this.language = wanted;
    this.send({ type: 'language', ttsLanguage: wanted });
  }

  private get lines() {
    return this.rooms.voice.voiceOf(null, this.language).lines;
  }

  private stop(why: 'barge_in' | 'taken_over' | 'hung_up' | 'line_lost'): void {
    this.run?.abort(why);
    this.run = null;
  }

  /** One after the other. What goes wrong in one of them ends the call for this socket, not for the caller. */
  private inOrder(work: () => Promise<void>): void {
    this.pending += 1;
    this.work = this.work.then(work).catch((error: unknown) => this.giveUp(error)).finally(() => (this.pending -= 1));
  }

  private async giveUp(error: unknown): Promise<void> {
    this.log.error(`call ${this.found.callSid} goes to voicemail: ${describe(error)}`);
    this.stop('taken_over');
    await this.leave('voicemail', [this.lines.sorry]);
  }

  private broken(error: unknown): null {
    this.log.error(`call ${this.found.callSid}: ${describe(error)}`);
    return null;
  }

  private send(frame: RelayReply): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(JSON.stringify(frame));
  }
}
