import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { reach } from '@throughline/kernel/points.js';
import { cutOff } from '@throughline/kernel/words.js';
import { storable } from '@throughline/llm/guardrails.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import { EscalationService } from '../escalation/escalation.service.js';
import { type Incident, isOpen } from '../escalation/escalation.types.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import type { NewVerdict, Verdict } from './triage.types.js';
import { VerdictsRepository } from './verdicts.repository.js';

const HOUR = 3_600_000;
/** Incidents of one conversation within an hour by whoever is not proved. A second one may be a second matter, and strangers call once more. */
const UNPROVED_OF_ONE = 2;
const STRANGER_OF_ONE = 5;
const LONGEST_REASON = 300;
/** Longer than a model is waited for. */
const LONGEST_QUESTION_MS = 40_000;
const WITHOUT_TURN = ['model', 'rule', 'nobody'] as const;
const PHONE = /^\+[1-9]\d{6,14}$/;

/** Notes how urgent something is, and reports it where people are to be told. The note is first: whoever dies in between reports what was noted. */
@Injectable()
export class VerdictsService {
  private readonly logger = new Logger('Triage');
  private readonly verdicts = new VerdictsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly contacts: ContactsService,
    private readonly conversations: ConversationsService,
    private readonly escalation: EscalationService,
  ) {}

  /**
   * @param remark a line for people in the thread, once
   * @returns the incident that it is reported to; null where nobody is told
   * @throws HubError `no_policy`
   */
  async give(tenant: Tenant, given: NewVerdict, remark: string | null = null): Promise<Incident | null> {
    const at = this.clock.now();
    const verdict = await this.database.transaction(tenant.id, async (tx) => {
      // Of somebody who was erased while the model thought, nothing is noted.
      if (!(await this.conversations.leaving.stays(tx, given.conversationSid))) return null;
      const tried = given.judge === 'model' || given.judge === 'nobody' ? await this.verdicts.endTries(tx, given.conversationSid, given.fromSeq) : 0;
      const { isFresh, ...saved } = await this.verdicts.save(tx, uuidv7(at.getTime()), { ...given, reasons: given.reasons.map(storable), tries: given.judge === 'model' ? tried + 1 : given.tries }, at);
      if (remark && isFresh) await this.conversations.aloud.note(tx, given.conversationSid, remark);
      return saved;
    });
    await reach('triage.judged');
    return verdict && this.act(tenant, verdict);
  }

  /** What has been said of this message, where no turn looked at it. */
  known(tenantId: string, conversationSid: string, seq: number): Promise<Verdict | null> {
    return this.database.transaction(tenantId, (tx) => this.verdicts.covering(tx, conversationSid, seq, WITHOUT_TURN));
  }

  /**
   * Whoever sends one message after the other is asked about once at a time. Twice for the same message is once: whoever died goes on at once.
   *
   * @returns `busy` where another message of the conversation is being asked about; what has been said of this one since; null: ask
   */
  begin(tenantId: string, { conversationSid, fromSeq }: Pick<Verdict, 'conversationSid' | 'fromSeq'>): Promise<'busy' | Verdict | null> {
    return this.database.transaction(tenantId, async (tx) => {
      if (!(await this.verdicts.lease(tx, conversationSid, fromSeq, this.clock.now(), this.clock.in(LONGEST_QUESTION_MS)))) return 'busy';
      return this.verdicts.covering(tx, conversationSid, fromSeq, WITHOUT_TURN);
    });
  }

  end(tenantId: string, { conversationSid, fromSeq }: Pick<Verdict, 'conversationSid' | 'fromSeq'>): Promise<void> {
    return this.database.transaction(tenantId, (tx) => this.verdicts.endLease(tx, conversationSid, fromSeq));
  }

  /** The model was asked, and did not answer. @returns how often that has happened */
  noteTry(tenantId: string, about: Pick<Verdict, 'conversationSid' | 'fromSeq' | 'isUnproved'>): Promise<number> {
    const at = this.clock.now();
    return this.database.transaction(tenantId, (tx) => this.verdicts.noteTry(tx, uuidv7(at.getTime()), about, at));
  }

  /** What is to come of a verdict. Twice is once. @throws HubError `no_policy` */
  async act(tenant: Tenant, verdict: Verdict): Promise<Incident | null> {
    const { incidentId, urgency, conversationSid, judge, reasons } = verdict;
    if (urgency === null || urgency < tenant.settings.escalation.threshold || verdict.withheld !== null) return null;
    if (incidentId) return (await this.escalation.sighted(tenant.id, incidentId)).incident;
    const [message] = await this.conversations.between(tenant.id, conversationSid, { afterSeq: verdict.seq - 1, upToSeq: verdict.seq, limit: 1 });
    const over = await this.over(tenant, verdict, message);
    if (over) return over;
    if (!(await this.mayPass(tenant, verdict, message))) return this.withhold(tenant, verdict);
    const callback = message?.address && PHONE.test(message.address) ? message.address : null;
    const reason = cutOff(`${reasons.join('; ')}${verdict.isUnproved ? ' (nobody vouches for the sender)' : ''}`, LONGEST_REASON);
    const source = judge === 'assistant' || !message ? judge : message.channel;
    const report = { conversationSid, urgency, reason, source, callback, policyId: null, isDrill: false };
    const incident = await this.escalation.report(tenant, report, `verdict/${verdict.id}/${urgency}`).catch((error: unknown) => this.refused(tenant, verdict, error));
    if (incident) await this.settle(tenant, verdict, incident.id, null);
    return incident;
  }

  /**
   * What others have reported of this message, and was called off, taken or told to everybody since, is not begun anew by one who comes later. Of a burst
   * that went on after that, it is another matter.
   */
  private async over(tenant: Tenant, verdict: Verdict, last: Message | undefined): Promise<Incident | null> {
    const id = await this.database.transaction(tenant.id, (tx) => this.verdicts.reportedBy(tx, verdict));
    const incident = id && (await this.escalation.sighted(tenant.id, id)).incident;
    if (!incident || isOpen(incident.state)) return null;
    if (last && incident.endedAt && last.createdAt > incident.endedAt) return null;
    await this.settle(tenant, verdict, incident.id, null);
    return incident;
  }

  list(tenantId: string, conversationSid: string, after: { at: Date; id: string } | null, limit: number): Promise<Verdict[]> {
    return this.database.transaction(tenantId, (tx) => this.verdicts.list(tx, conversationSid, after, limit));
  }

  async everythingOf(tx: Tx, conversationSids: string[]): Promise<{ verdicts: Verdict[] }> {
    return { verdicts: await this.verdicts.ofConversations(tx, conversationSids) };
  }

  /** How urgent it was stays, not why. Twice is once. */
  async erase(tx: Tx, conversationSids: string[]): Promise<{ verdicts: number }> {
    return { verdicts: await this.verdicts.erase(tx, conversationSids) };
  }

  purge(tx: Tx, conversationSid: string, upToSeq: number): void {
    this.verdicts.purge(tx, conversationSid, upToSeq);
  }

  /** Nobody is told of somebody who was erased since. @throws all else */
  private async refused(tenant: Tenant, verdict: Verdict, error: unknown): Promise<null> {
    if (error instanceof HubError && error.kind === 'not_found') return null;
    if (error instanceof HubError && error.code === 'no_policy') {
      this.logger.warn(`an emergency in ${verdict.conversationSid}, and no policy says who is to be told`);
      await this.settle(tenant, verdict, null, 'No policy says who is to be told');
    }
    throw error;
  }

  /**
   * Somebody may forge one sender after the other, or open one chat after the other, and people who are woken for nothing all night sleep through what
   * is true. What belongs to an incident that is open wakes nobody anew: it is let through, and not counted.
   */
  private async mayPass(tenant: Tenant, { id, conversationSid, letThroughAt, isUnproved }: Verdict, message: Message | undefined): Promise<boolean> {
    if ((await this.escalation.waitsFor(tenant.id, conversationSid)) === 'anybody') return true;
    const { unprovedPerHour, strangersPerHour } = tenant.settings.triage;
    return this.database.transaction(tenant.id, async (tx) => {
      if (letThroughAt || !(isUnproved || (message && (await this.isStranger(tx, message))))) return true;
      await this.verdicts.countAlone(tx);
      const { here, elsewhere } = await this.verdicts.letThroughSince(tx, conversationSid, isUnproved, this.clock.in(-HOUR));
      if (here >= (isUnproved ? UNPROVED_OF_ONE : STRANGER_OF_ONE) || (here === 0 && elsewhere >= (isUnproved ? unprovedPerHour : strangersPerHour))) return false;
      this.verdicts.letThrough(tx, id, this.clock.now());
      return true;
    });
  }

  /** Anybody can show a number that is not proved, and be a new visitor with each page. */
  private async isStranger(tx: Tx, { channel, address, details }: Message): Promise<boolean> {
    if (channel === 'chat' && address) return !this.contacts.isKnown(await this.contacts.trustOf(tx, channel, address));
    return details?.call?.proved === false;
  }

  private async withhold(tenant: Tenant, verdict: Verdict): Promise<null> {
    const whom = verdict.isUnproved ? 'mails whose sender nobody vouches for' : 'callers and visitors who are not proved';
    const why = `Too many incidents in an hour by ${whom}. Nobody was woken for this one.`;
    this.logger.error(`urgency ${verdict.urgency} in ${verdict.conversationSid} is held back: too many incidents in an hour by ${whom}`);
    await this.database.transaction(tenant.id, async (tx) => {
      this.verdicts.settle(tx, verdict.id, { incidentId: null, withheld: why });
      // Not why it is urgent: a stranger's words may be quoted there, and the assistant reads this as a note of the house.
      await this.conversations.aloud.note(tx, verdict.conversationSid, `Urgency ${verdict.urgency} of 5. ${why}`);
    });
    return null;
  }

  private settle(tenant: Tenant, { id }: Verdict, incidentId: string | null, withheld: string | null): Promise<void> {
    return this.database.transaction(tenant.id, (tx) => this.verdicts.settle(tx, id, { incidentId, withheld }));
  }
}
