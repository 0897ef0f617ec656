import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, invalid } from '@throughline/kernel/errors.js';
import { digestOf, uuidv7 } from '@throughline/kernel/ids.js';
import { reach } from '@throughline/kernel/points.js';
import { storable } from '@throughline/llm/guardrails.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { PoliciesService } from '../policies/policies.service.js';
import type { Policy } from '../policies/policies.types.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { GOOD_FOR_MS, type Incident, incidentOf, isOpen, type NewReport, type Report, STILL_THEIRS_MS } from './escalation.types.js';
import { IncidentsRepository } from './incidents.repository.js';
import { phoneIn, wakesMore } from './ladder.policy.js';
import { PagingService } from './paging.service.js';

const WATCH_AFTER_MS = 60_000;
/** Beside the first one. Each of them stands in the log as well. */
const MOST_REPORTS = 50;

/** Opens incidents: one of a person at a time. */
@Injectable()
export class ReportingService {
  private readonly incidents = new IncidentsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly conversations: ConversationsService,
    private readonly policies: PoliciesService,
    private readonly paging: PagingService,
  ) {}

  /**
   * Opens an incident, or joins the one that its person has. The same key twice is one report.
   *
   * @throws HubError `conflict` for a key that came with something else, and where there is no policy; `not_found` for a conversation; `invalid` for a drill about a customer
   */
  async report({ id: tenantId, settings }: Tenant, said: NewReport, key?: string): Promise<Incident> {
    // Whoever reports it may have been given half a character, and the database would refuse that for ever.
    const wanted = { ...said, reason: storable(said.reason), source: storable(said.source) };
    // A real report would join it, and a customer would be called back for nothing.
    if (wanted.isDrill && (wanted.conversationSid ?? wanted.callback) !== null) throw invalid('isDrill: a drill is about no customer: leave conversationSid and callback out.', [{ path: 'isDrill', message: 'a drill is about no customer' }]);
    const now = this.clock.now();
    const id = key ? incidentOf(tenantId, key) : uuidv7(now.getTime());
    const conversation = wanted.conversationSid === null ? null : await this.conversations.conversation(tenantId, wanted.conversationSid);
    const callback = wanted.callback ?? phoneIn(conversation?.replyAddress);
    const incident = await this.database.transaction(tenantId, async (tx) => {
      let policy: Policy | null = null;
      for (;;) {
        const known = await this.incidents.fingerprintOf(tx, id);
        if (known !== null) return this.same(tx, id, known, wanted);
        policy ??= await this.policies.choose(tx, wanted.policyId ?? settings.escalation.policyId ?? null);
        const present = wanted.conversationSid && (await this.incidents.lockOfPerson(tx, await this.conversationsOf(tx, wanted.conversationSid), new Date(now.getTime() - STILL_THEIRS_MS)));
        if (present && (isOpen(present.state) || wanted.urgency <= present.urgency)) return this.join(tx, present, wanted);
        const conversationSid = wanted.conversationSid && (await this.goesOnIn(tx, wanted.conversationSid));
        const fresh = await this.open(tx, id, { ...wanted, conversationSid, callback }, { ...policy, slaSeconds: policy.slaSeconds ?? settings.escalation.slaSeconds }, digestOf(wanted));
        if (fresh) return fresh;
      }
    });
    await reach('incident.reported');
    return incident;
  }

  /** Whoever was merged with somebody is one person, and has one emergency. */
  conversationsOf(tx: Tx, conversationSid: string): Promise<string[]> {
    return this.conversations.aloud.allOfPerson(tx, conversationSid);
  }

  private async goesOnIn(tx: Tx, conversationSid: string): Promise<string> {
    return (await this.conversations.aloud.goesOnIn(tx, conversationSid))?.conversationSid ?? conversationSid;
  }

  private async same(tx: Tx, id: string, known: string, wanted: NewReport): Promise<Incident> {
    if (known !== digestOf(wanted)) throw conflict('key_used', 'This Idempotency-Key came with another incident before.');
    return (await this.incidents.find(tx, id))!;
  }

  private async join(tx: Tx, present: Incident, { urgency, reason, source }: NewReport): Promise<Incident> {
    const joined = { ...present, urgency: Math.max(present.urgency, urgency), reports: [...kept(present.reports), { urgency, reason, source, at: this.clock.now() }] };
    this.incidents.join(tx, present.id, joined.urgency, joined.reports);
    this.paging.log(tx, present, present.state, present.state, `reported again (${source}), urgency ${urgency}`);
    if (isOpen(present.state) && wakesMore(present.urgency, joined.urgency)) {
      this.incidents.climb(tx, { ...present, wakeAt: this.clock.now() });
      this.paging.wake(tx, present);
    }
    return joined;
  }

  /** @returns null when another report was faster */
  private async open(tx: Tx, id: string, wanted: NewReport, policy: Policy, fingerprint: string): Promise<Incident | null> {
    const { conversationSid, urgency, reason, source, callback, isDrill } = wanted;
    const at = this.clock.now();
    const code = await this.freeCode(tx);
    const fresh = {
      id, conversationSid, policyId: policy.id, steps: policy.steps, rounds: policy.rounds, code, urgency, reports: [{ urgency, reason, source, at }], callback, isDrill,
      slaSeconds: policy.slaSeconds, createdAt: at,
    };
    if (!(await this.incidents.insert(tx, fresh, fingerprint))) return null;
    const incident = (await this.incidents.find(tx, id))!;
    this.paging.log(tx, incident, 'none', 'armed', `${isDrill ? 'a drill, ' : ''}urgency ${urgency}, reported by ${source}`);
    // Not why: a stranger's words may be quoted there, and the assistant reads this as a note of the house.
    await this.paging.tell(tx, incident, `Incident ${code}, urgency ${urgency} of 5. The people on call are being told.`);
    this.outbox.enqueue(
      tx, { name: 'escalation.climb', payload: { incidentId: id, epoch: 0 } }, { name: 'escalation.watch', payload: { incidentId: id }, dueAt: this.clock.in(WATCH_AFTER_MS) },
    );
    return incident;
  }

  /** One that no incident of this day has, so that whoever says it means one thing. */
  private async freeCode(tx: Tx): Promise<string> {
    for (;;) {
      const code = String(randomInt(1_000, 10_000));
      if (!(await this.incidents.isCodeInUse(tx, code, new Date(this.clock.ms() - GOOD_FOR_MS)))) return code;
    }
  }
}

/** Why it was opened, and how it stands. Somebody may report one matter all night long. */
const kept = (reports: readonly Report[]): Report[] => reports.filter((_, index) => index === 0 || index > reports.length - MOST_REPORTS);
