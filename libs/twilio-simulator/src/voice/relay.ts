import { WebSocket, type RawData } from 'ws';
import { newSid } from '../sids.js';
import { isoMillis } from '../wire.js';
import type { Ear, RelayBreak, Spoken } from './leg.js';
import { secondsBetween } from './params.js';
import { readFrame, type RelayFrame } from './relay-frames.js';
import { covers, type RelaySettings } from './relay-settings.js';
import type { Run } from './run.js';
import { closeSocket, openSocket } from './socket.js';
import { Talk, type Manner } from './talk.js';
import { until } from './waiting.js';

/** What the action of `<Connect>` is told of a session. */
export interface RelayOutcome {
  SessionId: string;
  SessionStatus: 'ended' | 'completed' | 'failed';
  SessionDuration: string;
  HandoffData?: string;
  ErrorCode?: string;
  ErrorMessage?: string;
}

type End = Omit<RelayOutcome, 'SessionId' | 'SessionDuration'>;

const MOST_MALFORMED = 10;
const KEPT_FRAMES = 2_000;

const failed = (code: number, message: string): End => ({ SessionStatus: 'failed', ErrorCode: String(code), ErrorMessage: message });

/** Twilio's side of a ConversationRelay socket: it speaks what the app sends, and sends what the caller says and presses. */
export class RelaySession implements Ear {
  readonly name = 'relay';
  readonly sid = newSid('VX');
  private readonly talk: Talk;
  private readonly startedAt: number;
  private socket: WebSocket | undefined;
  private isOver = false;
  private malformed = 0;
  private ending: End | undefined;
  private finish: (end: End) => void = () => undefined;

  constructor(private readonly run: Run, private readonly settings: RelaySettings) {
    this.startedAt = run.world.clock.ms();
    this.talk = new Talk(run.world, run.leg, {
      played: (text) => this.inform('tokens-played', 'tokensPlayed', text),
      speaking: (isSpeaking) => this.inform('speaker-events', 'agentSpeaking', isSpeaking ? 'on' : 'off'),
    });
  }

  /** @returns what became of it; @throws Stopped when the call ended or another document took over, the socket then being closed */
  async runs(): Promise<RelayOutcome> {
    return this.outcome(await this.session());
  }

  outcome(end: End): RelayOutcome {
    const { clock } = this.run.world;
    return { SessionId: this.sid, SessionDuration: String(secondsBetween(this.startedAt, clock.ms())), ...end };
  }

  speech({ text, partials, language }: Spoken): boolean {
    if (!this.takes('speech')) return false;
    this.inform('speaker-events', 'clientSpeaking', 'on');
    for (const partial of this.settings.partials ? partials : []) this.prompt(partial, false, language);
    this.inform('speaker-events', 'clientSpeaking', 'off');
    this.prompt(text, true, language);
    return true;
  }

  digit(digit: string): boolean {
    if (!this.settings.dtmf || !this.takes('dtmf')) return false;
    this.send({ type: 'dtmf', digit });
    return true;
  }

  catchUp(): void {
    this.talk.catchUp();
  }

  breaks(how: RelayBreak): void {
    if (how === 'drop') return this.socket?.terminate();
    if (how === 'malformed') for (let times = 0; times < MOST_MALFORMED; times += 1) this.refuse('Invalid message received');
    if (how === 'provider') {
      this.send({ type: 'error', description: 'The text-to-speech provider refused a request' });
      this.finish(failed(64106, 'The provider refused a request'));
    }
  }

  private session(): Promise<End> {
    const { leg, signal } = this.run;
    return until<End>(signal, (done) => {
      this.finish = done;
      void this.open();
      const deaf = leg.listen(this);
      leg.relay = this;
      return () => {
        deaf();
        leg.relay = null;
        this.isOver = true;
        this.talk.cut();
        // Nothing is heard of it any more, whatever is still under way on the socket.
        this.finish = () => undefined;
        closeSocket(this.socket, 1000, 'Closing websocket session');
      };
    });
  }

  private async open(): Promise<void> {
    const socket = await openSocket(this.run, this.settings.url, 'relay');
    if (!socket) return this.finish(failed(64102, 'Unable to connect to the WebSocket server'));
    if (this.isOver) return socket.terminate();
    this.socket = socket;
    const { settings } = this;
    socket.on('message', (data, isBinary) => this.takeIn(data, isBinary));
    socket.on('close', (code) => this.finish(code === 1006
      ? failed(39001, 'Network connection to WebSocket server failed.') : failed(64105, 'WebSocket closed by the server during the call')));
    this.send(this.setup());
    const { preemptible, ttsLanguage: language } = settings;
    if (settings.greeting !== '') this.talk.say(settings.greeting, true, { interruptible: settings.greetingInterruptible, preemptible, language });
  }

  private setup(): Record<string, unknown> {
    const { world, leg } = this.run;
    const { call } = leg;
    const isFirst = call.direction === 'inbound' && !leg.hadRelay;
    leg.hadRelay = true;
    return {
      type: 'setup', sessionId: this.sid, accountSid: call.accountSid, parentCallSid: call.parentCallSid ?? '', callSid: call.sid,
      from: call.from, to: call.to, forwardedFrom: call.forwardedFrom ?? '', callerName: call.callerName ?? '',
      callType: /^sip:/i.test(call.from) ? 'SIP' : /^client:/i.test(call.from) ? 'CLIENT' : 'PSTN',
      direction: call.direction, callStatus: isFirst ? world.switches.values.relayCallStatus : 'IN-PROGRESS',
      customParameters: this.settings.parameters,
    };
  }

  private takeIn(data: RawData, isBinary: boolean): void {
    const text = String(data);
    this.keep('app', text);
    const frame = isBinary ? 'Invalid message received: binary' : readFrame(text);
    if (typeof frame === 'string') return this.refuse(frame);
    this.malformed = 0;
    if (!this.ending && !this.isOver) this.obey(frame);
  }

  private obey(frame: RelayFrame): void {
    const { interruptible, preemptible } = this.settings;
    switch (frame.type) {
      case 'text':
        return this.talk.say(frame.token, frame.last, {
          interruptible: frame.interruptible ?? interruptible, preemptible: frame.preemptible ?? preemptible, language: frame.lang ?? this.settings.ttsLanguage,
        });
      case 'play':
        return this.talk.play(frame.source, frame.loop, { interruptible: frame.interruptible ?? interruptible, preemptible: frame.preemptible });
      case 'sendDigits':
        return this.run.leg.hears('tone', frame.digits);
      case 'language':
        this.settings.ttsLanguage = frame.ttsLanguage ?? this.settings.ttsLanguage;
        this.settings.transcriptionLanguage = frame.transcriptionLanguage ?? this.settings.transcriptionLanguage;
        return;
      case 'end':
        return this.ends({ SessionStatus: 'ended', ...(frame.handoffData === undefined ? {} : { HandoffData: frame.handoffData }) });
    }
  }

  private ends(end: End): void {
    this.ending = end;
    if (!this.run.world.switches.values.relayEndWaits || !this.talk.current) this.finish(end);
  }

  /** An app that sends nothing but nonsense is hung up on. */
  private refuse(description: string): void {
    this.run.leg.note(64107, description);
    this.send({ type: 'error', description });
    this.malformed += 1;
    if (this.malformed < MOST_MALFORMED) return;
    this.socket?.close(1007, 'Too many consecutive malformed messages');
    this.finish(failed(64105, 'Too many consecutive malformed messages'));
  }

  /** What the caller does cuts what is being said, where it may; where it may not, it is lost unless reported. */
  private takes(input: 'speech' | 'dtmf'): boolean {
    const saying: Readonly<Manner> | undefined = this.talk.current;
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    if (!saying) return true;
    if (!covers(saying.interruptible, input)) return covers(this.settings.reported, input);
    const { relayEmptyUtterance, relayInterruptMsAsText } = this.run.world.switches.values;
    const { heard, ms } = this.talk.cut()!;
    this.send({
      type: 'interrupt', utteranceUntilInterrupt: relayEmptyUtterance ? '' : heard,
      durationUntilInterruptMs: relayInterruptMsAsText ? String(ms) : ms,
    });
    return true;
  }

  /** Where the language is found out (`multi`), it is told by its first part. */
  private prompt(voicePrompt: string, last: boolean, language = 'en'): void {
    const { transcriptionLanguage } = this.settings;
    this.send({ type: 'prompt', voicePrompt, lang: transcriptionLanguage === 'multi' ? language.split('-')[0] : transcriptionLanguage, last });
  }

  /** Only where it was asked for; the end of the talk may be what a session's end waits for. */
  private inform(event: string, name: string, value: string): void {
    if (this.settings.events.includes(event)) this.send({ type: 'info', name, value });
    if (this.ending && name === 'agentSpeaking' && value === 'off' && !this.talk.current) this.finish(this.ending);
  }

  private send(frame: Record<string, unknown>): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    const text = JSON.stringify(frame);
    this.keep('twilio', text);
    this.socket.send(text);
  }

  private keep(by: 'twilio' | 'app', frame: string): void {
    const { leg, world } = this.run;
    const entry = { at: isoMillis(world.clock.ms()), by, frame };
    leg.frames.push(entry);
    if (leg.frames.length > KEPT_FRAMES) leg.frames.shift();
    world.feed.emit('relay', { callSid: leg.sid, ...entry });
  }
}
