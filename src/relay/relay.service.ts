import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { WebSocket } from 'ws';
import { AssistantService } from '../assistant/assistant.service.js';
import { CallsService } from '../calls/calls.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { VoiceService } from '../voice/voice.service.js';
import type { Attendant, Engine, Found, OnTheLine } from '../voice/voice.types.js';
import { RelaySession } from './relay.session.js';
import { relay } from './relay.twiml.js';
import type { Rooms } from './relay.types.js';

/** Twilio hears and speaks, and brings words over a socket (ConversationRelay). */
@Injectable()
export class RelayService implements Engine, Rooms, OnModuleInit {
  readonly name = 'relay';
  /** Partial prompts and what was played come fast. */
  readonly sockets = { path: 'relay', framesPerSecond: 200, open: (found: Found, socket: WebSocket) => this.open(found, socket) };

  constructor(
    readonly tenancy: TenancyService,
    readonly conversations: ConversationsService,
    readonly calls: CallsService,
    readonly assistant: AssistantService,
    readonly voice: VoiceService,
  ) {}

  onModuleInit(): void {
    this.voice.register(this);
  }

  async connect({ tenant, call }: OnTheLine): Promise<string> {
    return relay({
      ...this.voice.voiceOf(tenant).sound, url: await this.voice.socketAt('relay', call), whenClosed: this.voice.whenClosed('relay'),
      greeting: call.sessions === 0 ? this.voice.greetingOf({ tenant, call }) : null, otherLanguages: tenant.settings.voice.languages.slice(1),
    });
  }

  private open(found: Found, socket: WebSocket): Attendant {
    const session = new RelaySession(this, found, socket);
    this.voice.lookout.watch(session);
    return session;
  }
}
