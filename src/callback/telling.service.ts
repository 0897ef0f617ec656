import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { uuidOf } from '@throughline/kernel/ids.js';
import { oneLine } from '@throughline/kernel/words.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { CallsService } from '../calls/calls.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Conversation } from '../conversations/conversations.types.js';
import { EscalationService } from '../escalation/escalation.service.js';
import type { Incident } from '../escalation/escalation.types.js';
import { CallbacksRepository } from './callbacks.repository.js';
import { wordsFor } from './lines.js';
import { PersonsService } from './persons.service.js';

/** How often it is looked whether a caller has been told. */
const LOOK_AGAIN_MS = 5_000;
/** Later than that it is no news. */
const WORTH_SAYING_MS = 3_600_000;
/** Messages among which the words are looked for. */
const RECENT = 30;
const PEOPLE: ReadonlySet<string> = new Set(['staff', 'specialist']);

/** Whoever waits hears at once, and by name, who has taken their case: in their call while they are in it, else where they wrote from. */
@Injectable()
export class TellingService {
  private readonly rows = new CallbacksRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly calls: CallsService,
    private readonly conversations: ConversationsService,
    private readonly escalation: EscalationService,
    private readonly persons: PersonsService,
  ) {}

  /** Looks until they have been told, and tells them once: that it was said is in the thread, not here. */
  async tell(tenantId: string, incidentId: string): Promise<JobOutcome> {
    const { incident } = await this.escalation.sighted(tenantId, incidentId);
    const conversation = incident.conversationSid ? await this.persons.conversationOf(tenantId, incident.conversationSid) : null;
    if (!conversation || !(await this.isNews(incident, conversation))) return;
    const { conversationSid } = conversation;
    const [call, language] = await Promise.all([this.persons.onThePhone(tenantId, incident.conversationSid, conversationSid), this.persons.languageOf(tenantId)]);
    const body = wordsFor(language, { taker: incident.acknowledgedBy!, call: call && { hasNumber: call.address.startsWith('+') }, callback: incident.callback, writtenTo: conversation.replyAddress });
    if (call) {
      await this.calls.leaveWord(tenantId, call.callSid, body);
      return { again: this.clock.in(LOOK_AGAIN_MS) };
    }
    const textFrom = await this.persons.textSender(tenantId, conversation.replySender);
    await this.database.transaction(tenantId, async (tx) => {
      const why = await this.conversations.aloud.tells(tx, { conversationSid, body, key: uuidOf(`${incidentId}/taken`), textFrom });
      if (why) await this.conversations.aloud.note(tx, conversationSid, `${incident.acknowledgedBy} has it; the person could not be told: ${why}`);
    });
  }

  /** Nobody speaks over a colleague, and nobody is told who speaks with them already, or what they have heard. Programs are told nothing: one of them might answer. */
  private async isNews({ tenantId, id, conversationSid: reported, isDrill, state, acknowledgedBy, acknowledgedAt }: Incident, { conversationSid, owner }: Conversation): Promise<boolean> {
    if (isDrill || state !== 'acknowledged' || !acknowledgedBy || !acknowledgedAt || PEOPLE.has(owner)) return false;
    if (acknowledgedAt.getTime() + WORTH_SAYING_MS <= this.clock.ms()) return false;
    const callback = await this.database.transaction(tenantId, (tx) => this.rows.latest(tx, id));
    if (callback?.metAt) return false;
    // They may have been told before the one was merged into the other.
    const thread = (await Promise.all([...new Set([reported!, conversationSid])].map((sid) => this.conversations.latest(tenantId, sid, { limit: RECENT })))).flat().toSorted((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
    if (thread.findLast(({ direction }) => direction === 'inbound')?.details?.email?.automatic) return false;
    return !thread.some(({ authorKind, direction, body, createdAt, status }) => authorKind === 'system' && direction === 'outbound' && createdAt >= acknowledgedAt && status !== 'undelivered' && body.startsWith(`${oneLine(acknowledgedBy)} `));
  }
}
