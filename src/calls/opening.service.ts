import { Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { twilioFailure } from '@throughline/twilio/errors.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { MirrorService } from '../mirror/mirror.service.js';
import { CallsService } from './calls.service.js';
import { CHECK_EVERY_MS } from './calls.types.js';

/** What of a call is done at Twilio beside it: its Conversation, what that says of it, and whether it still goes on. */
@Injectable()
export class OpeningService {
  constructor(
    private readonly clock: Clock,
    private readonly calls: CallsService,
    private readonly conversations: ConversationsService,
    private readonly mirror: MirrorService,
    private readonly account: TwilioAccount,
  ) {}

  /** Every step finds what an earlier run of it made. */
  async open(tenantId: string, callSid: string): Promise<void> {
    const call = await this.calls.find(tenantId, callSid);
    if (!call || call.conversationSid || call.address === '') return;
    const conversationSid = await this.mirror.opening.open(tenantId, call.contactId, call.address);
    await this.calls.open(tenantId, callSid, conversationSid);
  }

  /** Which call goes on now. Looks again behind itself, because another call may have begun or ended meanwhile. */
  async show(tenantId: string, conversationSid: string): Promise<void> {
    for (let shown: string | null | undefined; ;) {
      const [conversation, call] = await Promise.all([this.conversations.find(tenantId, conversationSid), this.calls.active(tenantId, conversationSid)]);
      const sid = call?.callSid ?? null;
      if (!conversation || sid === shown) return;
      const activeCall = call && { callSid: call.callSid, startedAt: call.startedAt.toISOString() };
      await this.mirror.setAttributes(tenantId, conversationSid, { tenantId, contactId: conversation.contactId, ...(activeCall ? { activeCall } : {}) });
      shown = sid;
    }
  }

  /** The word that a call is over may get lost. */
  async check(tenantId: string, callSid: string): Promise<JobOutcome> {
    const call = await this.calls.find(tenantId, callSid);
    if (!call || call.state === 'ended') return;
    if (await this.goesOn(callSid)) return { again: this.clock.in(CHECK_EVERY_MS) };
    await this.calls.move(tenantId, callSid, 'forgotten', 'Twilio says that it is over');
  }

  private async goesOn(callSid: string): Promise<boolean> {
    try {
      const { status } = await this.account.client.calls(callSid).fetch();
      return ['queued', 'initiated', 'ringing', 'in-progress'].includes(status);
    } catch (error) {
      const failure = twilioFailure(error);
      if (failure.httpStatus === 404) return false;
      throw failure;
    }
  }
}
