import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, notFound } from '@throughline/kernel/errors.js';
import { digestOf, isUuid, uuidOf, uuidv7 } from '@throughline/kernel/ids.js';
import { reach } from '@throughline/kernel/points.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { InboundMessage } from '../conversations/conversations.types.js';
import { PoliciesService } from '../policies/policies.service.js';
import type { Policy } from '../policies/policies.types.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { AttemptsRepository } from './attempts.repository.js';
import { type AcknowledgedVia, type Attempt, type Incident, isOpen, type Sighted } from './escalation.types.js';
import { IncidentsRepository } from './incidents.repository.js';
import { after, codeIn, type Happening, isLost, phoneIn, toBeTold } from './ladder.policy.js';
import { linkHash } from './links.service.js';
import { PagingService } from './paging.service.js';
import { urgencyIn } from './urgency.policy.js';

const HOUR = 3_600_000;
/** For so long a link opens, and a code answers. */
const GOOD_FOR_MS = 24 * HOUR;
/** Who has just taken it knows of what is reported now. */
const STILL_THEIRS_MS = HOUR / 4;
const WATCH_AFTER_MS = 60_000;

export interface NewReport {
  conversationSid: string | null;
  urgency: number;
  reason: string;
  source: string;
  /** Whom to call back; where the person last wrote from, or called from, where nothing is said. */
  callback: string | null;
  policyId: string | null;
  isDrill: boolean;
}

export interface Taker {
  name: string;
  staffId: string | null;
  via: AcknowledgedVia;
  attemptId: string | null;
}

/** Incidents: what is reported, what becomes of each text and call, and who takes it. What has happened becomes rows here; others do it, by jobs. */
@Injectable()
export class EscalationService {
  private readonly incidents = new IncidentsRepository();
  private readonly attempts = new AttemptsRepository();

  /** Of somebody's words by themselves. */
  readonly urgencyIn = urgencyIn;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly conversations: ConversationsService,
    private readonly policies: PoliciesService,
    private readonly paging: PagingService,
  ) {
    conversations.divert((tenantId, message) => this.takeReply(tenantId, message));
    const listener: Parameters<typeof conversations.listen>[0] = (tx, { conversationSid, seq, body }) => {
      if (urgencyIn(body)) outbox.enqueue(tx, { name: 'escalation.heard', payload: { conversationSid, seq } });
    };
    conversations.listen(listener);
    conversations.aloud.listen(listener);
  }

  /**
   * Opens an incident, or joins the one that its conversation has. The same key twice is one report.
   *
   * @throws HubError `conflict` for a key that came with something else, and where there is no policy; `not_found` for a conversation
   */
  async report({ id: tenantId, settings }: Tenant, wanted: NewReport, key?: string): Promise<Incident> {
    const now = this.clock.now();
    const id = key ? uuidOf(`${tenantId}/incident/${key}`) : uuidv7(now.getTime());
    const conversation = wanted.conversationSid === null ? null : await this.conversations.conversation(tenantId, wanted.conversationSid);
    const callback = wanted.callback ?? phoneIn(conversation?.replyAddress);
    const incident = await this.database.transaction(tenantId, async (tx) => {
      const known = await this.incidents.fingerprintOf(tx, id);
      if (known !== null) return this.same(tx, id, known, wanted);
      const policy = await this.policies.choose(tx, wanted.policyId ?? settings.escalation.policyId ?? null);
      for (;;) {
        const present = wanted.conversationSid && (await this.incidents.lockOfConversation(tx, wanted.conversationSid, new Date(now.getTime() - STILL_THEIRS_MS)));
        if (present && (isOpen(present.state) || wanted.urgency <= present.urgency)) return this.join(tx, present, wanted);
        const fresh = await this.open(tx, id, { ...wanted, callback }, policy, digestOf(wanted));
        if (fresh) return fresh;
      }
    });
    await reach('incident.reported');
    return incident;
  }

  private async same(tx: Tx, id: string, known: string, wanted: NewReport): Promise<Incident> {
    if (known !== digestOf(wanted)) throw conflict('key_used', 'This Idempotency-Key came with another incident before.');
    return (await this.incidents.find(tx, id))!;
  }

  private async join(tx: Tx, present: Incident, { urgency, reason, source }: NewReport): Promise<Incident> {
    const joined = { ...present, urgency: Math.max(present.urgency, urgency), reports: [...present.reports, { urgency, reason, source, at: this.clock.now() }] };
    this.incidents.join(tx, present.id, joined.urgency, joined.reports);
    this.paging.log(tx, present, present.state, present.state, `reported again (${source}), urgency ${urgency}`);
    return joined;
  }

  /** @returns null when another report was faster */
  private async open(tx: Tx, id: string, wanted: NewReport, policy: Policy, fingerprint: string): Promise<Incident | null> {
    const { conversationSid, urgency, reason, source, callback, isDrill } = wanted;
    const at = this.clock.now();
    const code = await this.freeCode(tx);
    const fresh = {
      id, conversationSid, policyId: policy.id, steps: policy.steps, rounds: policy.rounds, code, urgency, reports: [{ urgency, reason, source, at }], callback, isDrill, createdAt: at,
    };
    if (!(await this.incidents.insert(tx, fresh, fingerprint))) return null;
    const incident = (await this.incidents.find(tx, id))!;
    this.paging.log(tx, incident, 'none', 'armed', `${isDrill ? 'a drill, ' : ''}urgency ${urgency}, reported by ${source}`);
    await this.paging.tell(tx, incident, `Incident ${code}, urgency ${urgency} of 5 (${reason}). The people on call are being told.`);
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

  list(tenantId: string, after: { at: Date; id: string } | null, limit: number): Promise<Incident[]> {
    return this.database.transaction(tenantId, (tx) => this.incidents.list(tx, after, limit));
  }

  /** @throws HubError `not_found` */
  sighted(tenantId: string, id: string): Promise<Sighted> {
    return this.database.transaction(tenantId, async (tx) => {
      const incident = isUuid(id) ? await this.incidents.find(tx, id) : null;
      if (!incident) throw notFound('incident', id);
      return { incident, attempts: await this.attempts.of(tx, id) };
    });
  }

  /** An attempt, with all that is known of its incident. */
  async attempt(tenantId: string, attemptId: string): Promise<(Sighted & { attempt: Attempt }) | null> {
    return this.database.transaction(tenantId, async (tx) => {
      const attempt = await this.attempts.find(tx, attemptId);
      const incident = attempt && (await this.incidents.find(tx, attempt.incidentId));
      return incident && { incident, attempt, attempts: await this.attempts.of(tx, incident.id) };
    });
  }

  tenantOf(attemptId: string): Promise<string | null> {
    return isUuid(attemptId) ? this.database.asSystem((tx) => this.attempts.tenantOf(tx, attemptId)) : Promise.resolve(null);
  }

  /** What a link opens; null for one that nobody has given out, or that is too old. */
  async ofLink(token: string): Promise<(Sighted & { attempt: Attempt }) | null> {
    const found = await this.database.asSystem((tx) => this.attempts.ofLink(tx, linkHash(token)));
    const sighted = found && (await this.attempt(found.tenantId, found.id));
    return sighted && sighted.attempt.createdAt.getTime() + GOOD_FOR_MS > this.clock.ms() ? sighted : null;
  }

  /** What has become of a text or a call. @param sid what it is at Twilio. @returns how it stands now; null for an attempt that is unknown */
  async happened(tenantId: string, attemptId: string, what: Extract<Happening, { attemptId: string }>['what'], cause: string, sid: string | null): Promise<(Sighted & { attempt: Attempt }) | null> {
    const known = await this.database.transaction(tenantId, async (tx) => {
      const attempt = await this.attempts.find(tx, attemptId);
      const sighted = attempt && (await this.lock(tx, attempt.incidentId));
      if (!sighted) return false;
      const present = sighted.attempts.find(({ id }) => id === attemptId)!;
      if (sid) this.paging.noteSid(tx, present, sid);
      const next = await this.decide(tx, sighted, { what, attemptId } as Happening, cause);
      if (present.says === 'alert' && next.attempts.find(({ id }) => id === attemptId)!.state === 'failed' && present.state !== 'failed') await this.goAround(tx, next, present);
      return true;
    });
    await reach('escalation.happened');
    return known ? this.attempt(tenantId, attemptId) : null;
  }

  /** Nothing is left to be done about its call at Twilio. */
  callIsOver(tenantId: string, attemptId: string): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => this.attempts.noteOver(tx, attemptId));
  }

  /** The next contact method at once; and where nobody of a step can be reached, the next step. */
  private async goAround(tx: Tx, { incident, attempts }: Sighted, failed: Attempt): Promise<void> {
    if (!isOpen(incident.state)) return;
    if (await this.paging.addInstead(tx, incident, attempts, failed)) return;
    if (!isLost({ incident, attempts })) return;
    const now = this.clock.now();
    this.incidents.climb(tx, { ...incident, dueAt: now, wakeAt: now });
    this.outbox.enqueue(tx, { name: 'escalation.climb', payload: { incidentId: incident.id, epoch: incident.epoch } });
  }

  /** Somebody takes it. The first one has it; who comes later is told who that is. @throws HubError `not_found` */
  async acknowledge(tenantId: string, incidentId: string, taker: Taker): Promise<{ incident: Incident; isFirst: boolean }> {
    const taken = await this.database.transaction(tenantId, async (tx) => {
      const sighted = isUuid(incidentId) ? await this.lock(tx, incidentId) : null;
      if (!sighted) throw notFound('incident', incidentId);
      return this.take(tx, sighted, taker);
    });
    await reach('escalation.acknowledged');
    return taken;
  }

  private async take(tx: Tx, sighted: Sighted, { name, staffId, via, attemptId }: Taker): Promise<{ incident: Incident; isFirst: boolean }> {
    const { incident, attempts } = await this.decide(tx, sighted, { what: 'acknowledged', attemptId }, `${name}, by ${via}`);
    if (incident === sighted.incident) return { incident, isFirst: false };
    const at = this.clock.now();
    this.incidents.acknowledge(tx, incident.id, name, via, at);
    await this.paging.tell(tx, incident, `${name} has taken incident ${incident.code}.`);
    await this.paging.add(tx, incident, toBeTold(attempts, staffId));
    return { incident: { ...incident, acknowledgedBy: name, acknowledgedVia: via, acknowledgedAt: at }, isFirst: true };
  }

  /** It was nothing, or is over. Who was told of it is told so. @throws HubError `not_found`, `conflict` when somebody has it */
  cancel(tenantId: string, incidentId: string, by: string): Promise<Incident> {
    return this.database.transaction(tenantId, async (tx) => {
      const sighted = isUuid(incidentId) ? await this.lock(tx, incidentId) : null;
      if (!sighted) throw notFound('incident', incidentId);
      if (sighted.incident.state === 'cancelled') return sighted.incident;
      const { incident, attempts } = await this.decide(tx, sighted, { what: 'called_off' }, `called off by ${by}`);
      if (incident.state !== 'cancelled') throw conflict('taken_already', `${incident.acknowledgedBy} has it: there is nothing to call off.`);
      await this.paging.tell(tx, incident, `Incident ${incident.code} was called off by ${by}.`);
      await this.paging.add(tx, incident, toBeTold(attempts, null));
      return incident;
    });
  }

  /**
   * A text from somebody who was told of an incident: with the code first it takes it. Anything else while nobody has it is answered with how to;
   * it is no customer's message. What Twilio tells twice is done once.
   */
  private takeReply(tenantId: string, { channel, address, body, providerSid, optOutType }: InboundMessage): Promise<boolean> {
    if (channel !== 'sms' || optOutType) return Promise.resolve(false);
    return this.database.transaction(tenantId, async (tx) => {
      const alerts = await this.attempts.alertsAt(tx, address, new Date(this.clock.ms() - GOOD_FOR_MS));
      if (alerts.length === 0) return false;
      if (await this.incidents.isReply(tx, providerSid)) return true;
      const code = codeIn(body);
      const named = alerts.find((alert) => alert.code === code);
      const meant = named ?? alerts.find(({ incidentState }) => isOpen(incidentState as Incident['state']));
      const sighted = meant && (await this.lock(tx, meant.incidentId));
      if (!sighted) return false;
      if (!(await this.incidents.noteReply(tx, providerSid, meant.incidentId))) return true;
      const to = { round: meant.round, step: meant.step, staffId: meant.staffId, name: meant.name, channel: 'sms' as const, address };
      if (!named) {
        await this.paging.add(tx, sighted.incident, [{ ...to, says: 'help', key: `help/${address}` }]);
        return true;
      }
      const byText = sighted.attempts.find((each) => each.address === address && each.channel === 'sms' && each.says === 'alert') ?? meant;
      const { incident, isFirst } = await this.take(tx, sighted, { name: meant.name, staffId: meant.staffId, via: 'reply', attemptId: byText.id });
      const isTheirs = isFirst || incident.acknowledgedBy === meant.name;
      await this.paging.add(tx, incident, [{ ...to, says: isTheirs ? 'yours' : 'told', key: `${isTheirs ? 'yours' : 'late'}/${address}` }]);
      return true;
    });
  }

  /** @returns the same incident where nothing has changed in it */
  private async decide(tx: Tx, before: Sighted, happening: Happening, cause: string): Promise<Sighted> {
    const next = after(before, happening);
    const states = new Map(next.attempts.map(({ id, state }) => [id, state]));
    for (const attempt of before.attempts) {
      const to = states.get(attempt.id)!;
      if (to === attempt.state) continue;
      await this.paging.moved(tx, before.incident, attempt, to, cause);
      if (to === 'cancelled' && attempt.channel === 'voice' && attempt.providerSid) this.outbox.enqueue(tx, { name: 'escalation.alert', payload: { attemptId: attempt.id } });
    }
    const { state } = next.incident;
    const attempts = before.attempts.map((attempt) => ({ ...attempt, state: states.get(attempt.id)! }));
    if (state === before.incident.state) return { incident: before.incident, attempts };
    const incident = { ...before.incident, state, endedAt: isOpen(state) ? null : this.clock.now() };
    this.incidents.climb(tx, incident);
    this.paging.log(tx, incident, before.incident.state, state, cause);
    return { incident, attempts };
  }

  private async lock(tx: Tx, incidentId: string): Promise<Sighted | null> {
    const incident = await this.incidents.lock(tx, incidentId);
    return incident && { incident, attempts: await this.attempts.of(tx, incidentId) };
  }

  async everythingOf(tx: Tx, conversationSids: string[]): Promise<{ incidents: Incident[] }> {
    return { incidents: await this.incidents.ofConversations(tx, conversationSids) };
  }

  purge(tx: Tx, conversationSid: string, before: Date): void {
    this.incidents.purge(tx, conversationSid, before);
  }

  /** That there was an incident stays, not what it was about. Twice is once. */
  async erase(tx: Tx, conversationSids: string[]): Promise<{ incidents: number }> {
    return { incidents: await this.incidents.erase(tx, conversationSids) };
  }
}
