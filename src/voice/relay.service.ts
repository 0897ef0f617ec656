import { Injectable, Logger } from '@nestjs/common';
import { describe } from '@throughline/kernel/errors.js';
import type { WebSocket } from 'ws';
import { AssistantService } from '../assistant/assistant.service.js';
import { CallsService } from '../calls/calls.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { RelaySession } from './relay.session.js';
import { VoiceLimits } from './voice.limits.js';
import { VoiceService } from './voice.service.js';
import type { Rooms } from './voice.types.js';

/** The claim on the calls is renewed at every so manieth look. */
const RENEW_EVERY = 5;

/** The sockets over which Twilio brings what callers say. One look a second is for all of them: hundreds that look each by themselves would be a load of their own. */
@Injectable()
export class RelayService implements Rooms {
  private readonly log = new Logger('Voice');
  private readonly sessions = new Set<RelaySession>();
  private timer: NodeJS.Timeout | undefined;
  private looked = 0;
  private looking = false;

  constructor(
    readonly tenancy: TenancyService,
    readonly conversations: ConversationsService,
    readonly calls: CallsService,
    readonly assistant: AssistantService,
    readonly voice: VoiceService,
    readonly limits: VoiceLimits,
  ) {}

  open(found: { callSid: string; tenantId: string }, socket: WebSocket): RelaySession {
    const session = new RelaySession(this, found, socket);
    this.sessions.add(session);
    this.timer ??= setInterval(() => void this.look(), this.limits.lookMs);
    return session;
  }

  close(session: RelaySession): void {
    this.sessions.delete(session);
    if (this.sessions.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Whether people have taken over, a text has come, or somebody else speaks in a call. What cannot be looked up now is looked up in a second. */
  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    const renews = this.looked++ % RENEW_EVERY === 0;
    const present = [...this.sessions].filter((session) => session.present !== null);
    for (const tenantId of new Set(present.map((session) => session.present!.tenant.id))) {
      const theirs = present.filter((session) => session.present?.tenant.id === tenantId);
      await this.lookAt(tenantId, theirs, renews).catch((error: unknown) => this.warn(error));
    }
    this.looking = false;
  }

  private async lookAt(tenantId: string, sessions: RelaySession[], renews: boolean): Promise<void> {
    const all = sessions.flatMap((session) => (session.present ? [{ session, line: session.present }] : []));
    const speaking = renews ? await this.calls.stillSpeak(tenantId, all.map(({ line }) => line.call)) : null;
    const found = await this.conversations.aloud.among(tenantId, all.map(({ line }) => line.conversationSid));
    for (const { session, line } of all) {
      if (speaking && !speaking.has(line.call.callSid)) session.isReplaced();
      // Nobody else waits until one of them has said what there is to say.
      else session.consider(found.get(line.conversationSid) ?? null).catch((error: unknown) => this.warn(error));
    }
  }

  private warn(error: unknown): void {
    this.log.warn(`calls could not be looked up: ${describe(error)}`);
  }
}
