import { Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { AppConfig } from '../app.config.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import type { Incident } from '../escalation/escalation.types.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import type { Heard } from './house-words.policy.js';
import { isUnproved, listsFor, wordsOf } from './judging.policy.js';
import { VerdictsService } from './verdicts.service.js';
import { unasked, type Verdict } from './triage.types.js';
import { WordsService } from './words.service.js';

/** For the rest of a burst, where nothing else is set: one question to the model is enough for all of it. */
const QUIET_MS = 3_000;

/** How urgent it is what people say: the front door. It listens to all that is recorded, and jobs judge it. */
@Injectable()
export class TriageService {
  readonly everythingOf = this.verdicts.everythingOf.bind(this.verdicts);
  readonly erase = this.verdicts.erase.bind(this.verdicts);
  readonly purge = this.verdicts.purge.bind(this.verdicts);

  constructor(
    clock: Clock,
    outbox: Outbox,
    private readonly conversations: ConversationsService,
    private readonly words: WordsService,
    private readonly verdicts: VerdictsService,
    config: AppConfig,
  ) {
    const listener: Parameters<typeof conversations.listen>[0] = async (tx, { conversationSid, seq, channel, isUnseen, ...said }) => {
      // Which lists count depends on who is watched, and the job knows that.
      if (await words.urgencyIn(tx, wordsOf(said))) outbox.enqueue(tx, { name: 'triage.heard', payload: { conversationSid, seq } });
      if (isUnseen) outbox.enqueue(tx, { name: 'triage.judge', payload: { conversationSid, seq }, dueAt: clock.in(channel === 'voice' ? 0 : (config.turnQuietMs ?? QUIET_MS)) });
    };
    conversations.listen(listener);
    conversations.aloud.listen(listener);
  }

  /** What the words of a message say by themselves. */
  wordsIn({ id, settings }: Tenant, message: Message): Promise<Heard | null> {
    return this.words.heardIn(id, wordsOf(message), listsFor(message, settings.triage));
  }

  /**
   * The assistant says how urgent it is what a turn is about.
   *
   * @returns the incident that it is reported to; null where nobody is told
   * @throws HubError `no_policy`
   */
  async raise(tenant: Tenant, { conversationSid, upToSeq: seq }: { conversationSid: string; upToSeq: number }, urgency: number, reason: string): Promise<Incident | null> {
    const [message] = await this.conversations.between(tenant.id, conversationSid, { afterSeq: seq - 1, upToSeq: seq, limit: 1 });
    return this.verdicts.give(tenant, { ...unasked, conversationSid, fromSeq: seq, seq, judge: 'assistant', urgency, reasons: [reason], isUnproved: isUnproved(message?.details) });
  }

  /** Of a conversation, oldest first. @throws HubError `not_found` */
  async list(tenantId: string, conversationSid: string, after: { at: Date; id: string } | null, limit: number): Promise<Verdict[]> {
    await this.conversations.conversation(tenantId, conversationSid);
    return this.verdicts.list(tenantId, conversationSid, after, limit);
  }
}
