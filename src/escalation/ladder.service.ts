import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { reach } from '@throughline/kernel/points.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { Outbox } from '@throughline/queues/outbox.js';
import type { Step } from '../policies/policies.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { AttemptsRepository } from './attempts.repository.js';
import { type Incident, isOpen } from './escalation.types.js';
import { incidentMachine } from './incident.machine.js';
import { IncidentsRepository } from './incidents.repository.js';
import { type Alert, after, alertsFor, nextRung, wakesMore } from './ladder.policy.js';
import { PagingService } from './paging.service.js';
import { TargetsService } from './targets.service.js';

const SECOND = 1_000;
const WATCH_EVERY_MS = 60 * SECOND;
/** A step that is so late does not come by itself any more. */
const STALLED_MS = 60 * SECOND;
/** A phone neither rings nor is listened to for so long: the word that the call is over was lost. */
const CALL_OVER_MS = 180 * SECOND;

interface Rung {
  round: number;
  step: number;
  alerts: Alert[];
  until: Date | null;
}

/** Goes from step to step until somebody has taken the incident, or no step is left. */
@Injectable()
export class LadderService {
  private readonly log = new Logger('Escalation');
  private readonly incidents = new IncidentsRepository();
  private readonly attempts = new AttemptsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly tenancy: TenancyService,
    private readonly targets: TargetsService,
    private readonly paging: PagingService,
  ) {}

  /** The alarm of one step, by its epoch: what it was for has been done when that has moved on. Twice is once. */
  async climb(tenantId: string, incidentId: string, epoch: number): Promise<JobOutcome> {
    const incident = await this.database.transaction(tenantId, (tx) => this.incidents.find(tx, incidentId));
    if (!incident || !isOpen(incident.state) || incident.epoch !== epoch) return;
    const now = this.clock.now();
    if (now < incident.wakeAt) return { again: incident.wakeAt };
    if (incident.state !== 'armed' && now < incident.dueAt) return this.relieve(incident);
    await this.fire(incident);
    await reach('escalation.fired');
  }

  /** The next step that reaches anybody. All of it is rows of one transaction: whoever dies before has done nothing, whoever dies later has done it. */
  private async fire(incident: Incident): Promise<void> {
    const [rung, skipped] = await this.nextOf(incident);
    const late = await this.leftInPeace({ ...incident, ...(rung ? { round: rung.round, step: rung.step } : { step: incident.steps.length }) });
    const tenant = await this.tenancy.tenant(incident.tenantId);
    await this.database.transaction(incident.tenantId, async (tx) => {
      const locked = await this.incidents.lock(tx, incident.id);
      if (!locked || hasMovedOn(locked, incident)) return;
      for (const each of skipped) {
        this.paging.log(tx, locked, locked.state, locked.state, `${nameOf(each)} reaches nobody and is skipped`);
        this.incidents.ask(tx, locked.id, schedulesIn(locked.steps[each.step]!), this.clock.now());
      }
      await this.paging.add(tx, locked, late);
      if (rung) return this.begin(tx, locked, rung);
      const ended = { ...locked, state: incidentMachine.next(locked.state, 'ended')!.to, epoch: locked.epoch + 1, endedAt: this.clock.now() };
      this.incidents.climb(tx, ended);
      this.paging.log(tx, ended, locked.state, ended.state, 'no step is left');
      await this.paging.tell(tx, ended, `Nobody has taken incident ${ended.code}: all who were to be told have been told.`);
      const fallbacks = await this.paging.addFallback(tx, tenant, ended);
      this.log.error(`incident ${ended.id} is exhausted${fallbacks > 0 ? '; the fallback number is called' : ''}`);
    });
  }

  private async nextOf(incident: Incident): Promise<[Rung | null, { round: number; step: number }[]]> {
    const skipped: { round: number; step: number }[] = [];
    for (let at = nextRung(incident); at; at = nextRung({ ...incident, state: 'waiting', ...at })) {
      const step = incident.steps[at.step]!;
      const { people, until } = await this.targets.of(incident.tenantId, step);
      const alerts = alertsFor(step, at, people, incident.urgency);
      if (alerts.length > 0) return [{ ...at, alerts, until }, skipped];
      skipped.push(at);
    }
    return [null, skipped];
  }

  private async begin(tx: Tx, before: Incident, { round, step, alerts, until }: Rung): Promise<void> {
    const dueAt = this.clock.in(before.steps[step]!.waitSeconds * SECOND);
    const incident: Incident = {
      ...before, state: incidentMachine.next(before.state, 'fired')!.to, round, step, epoch: before.epoch + 1, dueAt, wakeAt: until && until < dueAt ? until : dueAt,
    };
    this.incidents.climb(tx, incident);
    this.paging.log(tx, incident, before.state, incident.state, `${nameOf({ round, step })}: ${namesIn(alerts)}`);
    this.incidents.ask(tx, incident.id, schedulesIn(before.steps[step]!), this.clock.now());
    await this.paging.add(tx, incident, alerts);
    this.outbox.enqueue(tx, { name: 'escalation.climb', payload: { incidentId: incident.id, epoch: incident.epoch }, dueAt: incident.wakeAt });
  }

  /** In the middle of a step others have come on call, or it has become urgent: they are told too, and nobody a second time. */
  private async relieve(incident: Incident): Promise<JobOutcome> {
    const step = incident.steps[incident.step]!;
    const { people, until } = await this.targets.of(incident.tenantId, step);
    const alerts = [...alertsFor(step, incident, people, incident.urgency), ...(await this.leftInPeace(incident))];
    const wakeAt = until && until < incident.dueAt ? until : incident.dueAt;
    await this.database.transaction(incident.tenantId, async (tx) => {
      const locked = await this.incidents.lock(tx, incident.id);
      if (!locked || hasMovedOn(locked, incident)) return;
      const added = await this.paging.add(tx, locked, alerts);
      const state = added > 0 ? incidentMachine.next(locked.state, 'relieved')!.to : locked.state;
      this.incidents.climb(tx, { ...locked, state, wakeAt });
      if (added > 0) this.paging.log(tx, locked, locked.state, state, `${hasBecomeUrgent(incident) ? 'it is urgent now' : 'the shift has changed'}: ${namesIn(alerts)}`);
    });
    return { again: wakeAt };
  }

  /** Who do not want to be disturbed, of the steps that have had their turn while it was less urgent. They are told as if it had been urgent then. */
  private async leftInPeace(incident: Incident): Promise<Alert[]> {
    if (!hasBecomeUrgent(incident)) return [];
    const alerts = await Promise.all(incident.steps.map(async (step, at) => {
      const round = at < incident.step ? incident.round : incident.round - 1;
      if (at === incident.step || round < 0) return [];
      const { people } = await this.targets.of(incident.tenantId, step);
      return alertsFor(step, { round, step: at }, people.filter(({ isDoNotDisturb }) => isDoNotDisturb), incident.urgency);
    }));
    return alerts.flat();
  }

  /**
   * Looks after the ladder, by the sweep's clock and not by the queue's: a step that does not come is asked for again, and whoever the tenant
   * has named for that is told.
   */
  async watch(tenantId: string, incidentId: string): Promise<JobOutcome> {
    const tenant = await this.tenancy.tenant(tenantId);
    return this.database.transaction(tenantId, async (tx): Promise<JobOutcome> => {
      const incident = await this.incidents.lock(tx, incidentId);
      if (!incident) return;
      const left = await this.closeCalls(tx, incident);
      const now = this.clock.ms();
      if (isOpen(incident.state) && now >= incident.wakeAt.getTime() + STALLED_MS) {
        this.paging.wake(tx, incident);
        const added = await this.paging.addFallback(tx, tenant, incident);
        if (added > 0) this.paging.log(tx, incident, incident.state, incident.state, 'the ladder stands still: the fallback number is told');
        this.log.error(`incident ${incidentId} stands still since ${incident.wakeAt.toISOString()}`);
      }
      if (isOpen(incident.state) || left > 0) return { again: this.clock.in(WATCH_EVERY_MS) };
    });
  }

  /** @returns how many calls may still go on */
  private async closeCalls(tx: Tx, incident: Incident): Promise<number> {
    const attempts = await this.attempts.of(tx, incident.id);
    const calls = attempts.filter(({ state }) => state === 'ringing' || state === 'answered');
    const over = calls.filter(({ changedAt }) => changedAt.getTime() + CALL_OVER_MS <= this.clock.ms());
    for (const call of over) {
      const next = after({ incident, attempts }, { what: 'unanswered', attemptId: call.id }).attempts.find(({ id }) => id === call.id)!;
      await this.paging.moved(tx, incident, call, next.state, 'the end of the call was missed');
    }
    return calls.length - over.length;
  }
}

/** The next step has begun meanwhile, or somebody has it. Or it has become urgent: the alarm that came with that does it, for all of its people. */
const hasMovedOn = (locked: Incident, seen: Incident): boolean => locked.epoch !== seen.epoch || !isOpen(locked.state) || wakesMore(seen.urgency, locked.urgency);
const hasBecomeUrgent = ({ reports, urgency }: Incident): boolean => wakesMore(reports[0]?.urgency ?? urgency, urgency);
const nameOf = ({ round, step }: { round: number; step: number }): string => `step ${step + 1} of round ${round + 1}`;
const schedulesIn = ({ targets }: Step): string[] => targets.flatMap((target) => (target.kind === 'schedule' ? [target.scheduleId] : []));
const namesIn = (alerts: readonly Alert[]): string => [...new Set(alerts.map(({ name }) => name))].join(', ');
