import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, notFound } from '@throughline/kernel/errors.js';
import { isUuid } from '@throughline/kernel/ids.js';
import { reach } from '@throughline/kernel/points.js';
import { storable } from '@throughline/llm/guardrails.js';
import { PoliciesService } from '../policies/policies.service.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { AttemptsRepository } from './attempts.repository.js';
import { carriable, carriedBy } from './carried.policy.js';
import { type AcknowledgedVia, type Attempt, type Carried, GOOD_FOR_MS, type Incident, isOpen, type NewReport, type Sighted, STILL_THEIRS_MS } from './escalation.types.js';
import { HistoryService } from './history.service.js';
import { IncidentsRepository } from './incidents.repository.js';
import { after, alertsFor, type Happening, isLost, toBeTold } from './ladder.policy.js';
import { linkHash } from './links.service.js';
import { PagingService } from './paging.service.js';
import { ReportingService } from './reporting.service.js';

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

  /** Who of a step is told by what. */
  readonly alertsFor = alertsFor;

  /** Addresses of this hub that are given to Twilio and to staff. */
  readonly links = this.paging.links;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly paging: PagingService,
    private readonly reporting: ReportingService,
    readonly history: HistoryService,
    private readonly policies: PoliciesService,
  ) {}

  /** Opens an incident, or joins the one that its person has. The same key twice is one report. @throws HubError as `ReportingService.report` does */
  report(tenant: Tenant, wanted: NewReport, key?: string): Promise<Incident> {
    return this.reporting.report(tenant, wanted, key);
  }

  list(tenantId: string, after: { at: Date; id: string } | null, limit: number): Promise<Incident[]> {
    return this.database.transaction(tenantId, (tx) => this.incidents.list(tx, after, limit));
  }

  /** Those of these that are there. */
  among(tenantId: string, ids: readonly string[]): Promise<Incident[]> {
    return this.database.transaction(tenantId, (tx) => this.incidents.among(tx, ids));
  }

  /** The code of a real incident that goes on; null where there is none. */
  openCode(tx: Tx): Promise<string | null> {
    return this.incidents.openCode(tx);
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

  /** What a link opens; null for one that nobody has given out, that is too old, or whose owner was removed. */
  async ofLink(token: string): Promise<(Sighted & { attempt: Attempt }) | null> {
    const found = await this.database.asSystem((tx) => this.attempts.ofLink(tx, linkHash(token)));
    const sighted = found && (await this.attempt(found.tenantId, found.id));
    if (!sighted || sighted.attempt.createdAt.getTime() + GOOD_FOR_MS <= this.clock.ms()) return null;
    return (await this.isForSomebodyHere(sighted.attempt)) ? sighted : null;
  }

  /** Whoever was told still works for the tenant, or it is its fallback number. */
  isForSomebodyHere(attempt: Attempt): Promise<boolean> {
    return this.database.transaction(attempt.tenantId, async (tx) => (await this.paging.ofThoseHere(tx, [attempt])).length > 0);
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
      const now = next.attempts.find(({ id }) => id === attemptId)!;
      if (now.says === 'alert' && now.state === 'failed' && present.state !== 'failed') await this.goAround(tx, next, present);
      // It had left when somebody took it, and nobody knew: whoever reads it is told as the others were.
      if (present.state === 'cancelled' && now.state === 'sent') await this.paging.add(tx, next.incident, toBeTold([now], next.incident.acknowledgedStaffId));
      return true;
    });
    await reach('escalation.happened');
    return known ? this.attempt(tenantId, attemptId) : null;
  }

  /** The same for an attempt that is about to leave: what it says of the incident is decided now, once, by the tenant's rules, and noted. */
  toSend(tenantId: string, attemptId: string): Promise<{ incident: Incident; attempt: Attempt; carried: Carried; hasStopped: boolean } | null> {
    return this.database.transaction(tenantId, async (tx) => {
      const found = await this.attempts.find(tx, attemptId);
      const incident = found && (await this.incidents.find(tx, found.incidentId));
      if (!incident) return null;
      const [name, { allowed, version }, hasStopped] = await Promise.all([this.paging.nameOf(tx, incident), this.policies.privacy.in(tx), this.paging.hasStopped(tx, found)]);
      const attempt = found.carries || found.state !== 'pending' ? found : await this.attempts.carry(tx, attemptId, carriable(allowed[found.channel], incident, name), version);
      return { incident, attempt, carried: carriedBy(attempt, incident, name), hasStopped };
    });
  }

  /** What it says of the incident. */
  async carriedBy({ incident, attempt }: { incident: Incident; attempt: Attempt }): Promise<Carried> {
    const name = attempt.carries?.includes('name') ? await this.database.transaction(incident.tenantId, (tx) => this.paging.nameOf(tx, incident)) : null;
    return carriedBy(attempt, incident, name);
  }

  /** Whoever sends it has it for themselves until then. @returns null when it is sent, called off, or somebody else is at it */
  claim(tenantId: string, attemptId: string, until: Date): Promise<Attempt | null> {
    return this.database.transaction(tenantId, (tx) => this.attempts.claim(tx, attemptId, this.clock.now(), until));
  }

  /** The try of whoever has claimed it is over. @param lookFrom null: it has certainly not gone; else from when on the next one looks whether it has */
  release(tenantId: string, { id, leaseUntil }: Attempt, lookFrom: Date | null): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => (lookFrom ? this.attempts.shorten(tx, id, leaseUntil!, lookFrom) : this.attempts.release(tx, id, leaseUntil!)));
  }

  /** It does not leave, and goes on being tried. Whoever it is for is told some other way beside it, once. */
  tellOtherwise(tenantId: string, attemptId: string): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => {
      const attempt = await this.attempts.find(tx, attemptId);
      const sighted = attempt && (await this.lock(tx, attempt.incidentId));
      if (!sighted || !isUntaken(sighted.incident)) return;
      const { incident, attempts } = sighted;
      const present = attempts.find(({ id, says, state }) => id === attemptId && says === 'alert' && state === 'pending');
      if (!present || !(await this.paging.addInstead(tx, incident, attempts, present))) return;
      this.paging.log(tx, incident, incident.state, incident.state, `${present.name}, ${present.channel}: it does not leave; they are told some other way too`);
    });
  }

  /** Of these texts, the ones that another attempt is noted with. */
  known(tenantId: string, id: string, sids: string[]): Promise<Set<string>> {
    return this.database.transaction(tenantId, (tx) => this.attempts.known(tx, id, sids));
  }

  /** Whoever it is for has said STOP there to this sender of ours. */
  stopped(tenantId: string, attemptId: string, sender: string): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => {
      const attempt = await this.attempts.find(tx, attemptId);
      const incident = attempt && (await this.incidents.find(tx, attempt.incidentId));
      if (incident) this.paging.noteStop(tx, attempt, incident, sender);
    });
  }

  /** Nothing is left to be done about its call at Twilio. */
  callIsOver(tenantId: string, attemptId: string): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => this.attempts.noteOver(tx, attemptId));
  }

  /** The next contact method at once, even when no step is left: late is better than never. Where nobody of a step can be reached, the next step. */
  private async goAround(tx: Tx, { incident, attempts }: Sighted, failed: Attempt): Promise<void> {
    if (!isUntaken(incident)) return;
    if (await this.paging.addInstead(tx, incident, attempts, failed)) return;
    if (!isLost({ incident, attempts })) return;
    const now = this.clock.now();
    this.incidents.climb(tx, { ...incident, dueAt: now, wakeAt: now });
    this.paging.wake(tx, incident);
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

  /** The same inside a transaction that holds the lock. */
  async take(tx: Tx, sighted: Sighted, { name: said, staffId, via, attemptId }: Taker): Promise<{ incident: Incident; isFirst: boolean }> {
    const name = storable(said);
    const { incident, attempts } = await this.decide(tx, sighted, { what: 'acknowledged', attemptId }, `${name}, by ${via}`);
    if (incident === sighted.incident) return { incident, isFirst: false };
    const taken = { ...incident, acknowledgedBy: name, acknowledgedStaffId: staffId, acknowledgedVia: via, acknowledgedAt: this.clock.now() };
    this.incidents.acknowledge(tx, taken);
    await this.paging.tell(tx, incident, `${name} has taken incident ${incident.code}.`);
    await this.paging.add(tx, incident, toBeTold(attempts, staffId));
    this.paging.tellWaiting(tx, incident);
    return { incident: taken, isFirst: true };
  }

  /** For whom somebody waits who has reported an emergency in this conversation, or in one that was merged with it: for anybody, or for the one who has just taken it; null where they do not. */
  async waitsFor(tenantId: string, conversationSid: string): Promise<'anybody' | 'taker' | null> {
    const present = await this.presentOf(tenantId, conversationSid);
    return present && (isOpen(present.state) ? 'anybody' : 'taker');
  }

  /** Their incident that is open, or has just been taken. */
  presentOf(tenantId: string, conversationSid: string): Promise<Incident | null> {
    return this.database.transaction(tenantId, async (tx) =>
      this.incidents.ofPerson(tx, await this.reporting.conversationsOf(tx, conversationSid), new Date(this.clock.ms() - STILL_THEIRS_MS)));
  }

  /** It was nothing, or is over. Who was told of it is told so. @throws HubError `not_found`, `conflict` when somebody has it */
  cancel(tenantId: string, incidentId: string, name: string): Promise<Incident> {
    const by = storable(name);
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

  /** @returns the same incident where nothing has changed in it */
  private async decide(tx: Tx, before: Sighted, happening: Happening, cause: string): Promise<Sighted> {
    const next = after(before, happening);
    const states = new Map(next.attempts.map(({ id, state }) => [id, state]));
    for (const attempt of before.attempts) {
      const to = states.get(attempt.id)!;
      if (to === attempt.state) continue;
      await this.paging.moved(tx, before.incident, attempt, to, cause);
      if (to === 'cancelled' && attempt.channel === 'voice' && attempt.providerSid) this.paging.send(tx, attempt);
    }
    const { state } = next.incident;
    const attempts = before.attempts.map((attempt) => ({ ...attempt, state: states.get(attempt.id)! }));
    if (state === before.incident.state) return { incident: before.incident, attempts };
    const incident = { ...before.incident, state, endedAt: isOpen(state) ? null : this.clock.now() };
    this.incidents.climb(tx, incident);
    this.paging.log(tx, incident, before.incident.state, state, cause);
    return { incident, attempts };
  }

  /** With all its attempts; nobody else changes it until this transaction ends. */
  async lock(tx: Tx, incidentId: string): Promise<Sighted | null> {
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

const isUntaken = ({ state }: Incident): boolean => isOpen(state) || state === 'exhausted';
