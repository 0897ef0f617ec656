import { Injectable, Logger } from '@nestjs/common';
import { describe } from '@throughline/kernel/errors.js';
import { CallsService } from '../calls/calls.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { VoiceLimits } from './voice.limits.js';
import type { Watched } from './voice.types.js';

/** The claim on the calls is renewed at every so manieth look. */
const RENEW_EVERY = 5;

/** Looks what happens around the calls that are spoken in here. One look a second is for all of them: hundreds that look each by themselves would be a load of their own. */
@Injectable()
export class Lookout {
  private readonly log = new Logger('Voice');
  private readonly sessions = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;
  private looked = 0;
  private looking = false;

  constructor(private readonly conversations: ConversationsService, private readonly calls: CallsService, private readonly limits: VoiceLimits) {}

  watch(session: Watched): void {
    this.sessions.add(session);
    this.timer ??= setInterval(() => void this.look(), this.limits.lookMs);
  }

  forget(session: Watched): void {
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

  private async lookAt(tenantId: string, sessions: Watched[], renews: boolean): Promise<void> {
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
