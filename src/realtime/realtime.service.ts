import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type RealtimeListener, RealtimeModel } from '@throughline/llm/realtime.js';
import type { WebSocket } from 'ws';
import { AppConfig } from '../app.config.js';
import { AssistantService } from '../assistant/assistant.service.js';
import { CallsService } from '../calls/calls.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { VoiceService } from '../voice/voice.service.js';
import type { Attendant, Engine, Found, OnTheLine } from '../voice/voice.types.js';
import { RealtimeSession } from './realtime.session.js';
import { media } from './realtime.twiml.js';
import type { Rooms } from './realtime.types.js';
import { RecordedLines } from './recorded.lines.js';

const OPEN_WITHIN_MS = 3_000;
/** So long new callers come to the next rung at once, where the model could not be had; in milliseconds. */
const REST_MS = 30_000;
/** One of the two that OpenAI recommends. */
const VOICE = 'marin';
const TRANSCRIPTION = 'gpt-4o-mini-transcribe';

/** The model itself hears and speaks (OpenAI Realtime); Twilio brings the sound over a socket (Media Streams). */
@Injectable()
export class RealtimeService implements Engine, Rooms, OnModuleInit {
  readonly name = 'realtime';
  /** Fifty frames of sound a second, and as much again ten times over for marks and whatever was held up on the way. */
  readonly sockets = { path: 'media', framesPerSecond: 1_000, open: (found: Found, socket: WebSocket) => this.open(found, socket) };
  readonly recorded = new RecordedLines();
  readonly settings: Rooms['settings'];
  private restsUntil = 0;

  constructor(
    private readonly config: AppConfig,
    readonly tenancy: TenancyService,
    readonly conversations: ConversationsService,
    readonly calls: CallsService,
    readonly assistant: AssistantService,
    readonly voice: VoiceService,
  ) {
    this.settings = { voice: VOICE, transcription: config.model.transcription ?? TRANSCRIPTION };
  }

  onModuleInit(): void {
    this.voice.register(this);
  }

  async connect({ call }: OnTheLine): Promise<string | null> {
    if (!this.config.model.realtime || performance.now() < this.restsUntil) return null;
    return media(await this.voice.socketAt('media', call), this.voice.whenClosed('realtime'));
  }

  model(listener: RealtimeListener): RealtimeModel {
    const { apiKey, baseUrl, realtime = '' } = this.config.model;
    return new RealtimeModel({ apiKey, baseUrl, model: realtime, openWithinMs: OPEN_WITHIN_MS }, listener);
  }

  modelIsAway(): void {
    this.restsUntil = performance.now() + REST_MS;
  }

  private open(found: Found, socket: WebSocket): Attendant {
    const session = new RealtimeSession(this, found, socket);
    this.voice.lookout.watch(session);
    return session;
  }
}
