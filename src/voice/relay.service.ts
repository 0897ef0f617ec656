import { Injectable } from '@nestjs/common';
import type { WebSocket } from 'ws';
import { AssistantService } from '../assistant/assistant.service.js';
import { CallsService } from '../calls/calls.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { RelaySession } from './relay.session.js';
import { VoiceLimits } from './voice.limits.js';
import { VoiceService } from './voice.service.js';
import type { Rooms } from './voice.types.js';

/** The sockets over which Twilio brings what callers say. */
@Injectable()
export class RelayService implements Rooms {
  constructor(
    readonly tenancy: TenancyService,
    readonly conversations: ConversationsService,
    readonly calls: CallsService,
    readonly assistant: AssistantService,
    readonly voice: VoiceService,
    readonly limits: VoiceLimits,
  ) {}

  open(found: { callSid: string; tenantId: string }, socket: WebSocket): RelaySession {
    return new RelaySession(this, found, socket);
  }
}
