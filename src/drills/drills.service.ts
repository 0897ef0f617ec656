import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { recordTransition } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, HubError, notFound } from '@throughline/kernel/errors.js';
import { digestOf, isUuid, uuidOf, uuidv7 } from '@throughline/kernel/ids.js';
import { reach } from '@throughline/kernel/points.js';
import { isTimeZone } from '@throughline/kernel/wall-clock.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { EscalationService } from '../escalation/escalation.service.js';
import { incidentOf } from '../escalation/escalation.types.js';
import { PoliciesService } from '../policies/policies.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { DrillsRepository } from './drills.repository.js';
import type { Drill, DrillRun, DrillWithLast, NewDrill, RunWithResult } from './drills.types.js';
import { nextTime } from './rhythm.policy.js';

/** Nobody is rehearsed with in the middle of the night because a process was away in the morning. */
const WORTH_WHILE_MS = 3_600_000;
const URGENCY = 5;

type After = { at: Date; id: string } | null;

/** Rehearsals that come by themselves. When one is due is a row; that it has come is another, of the same transaction as the next time. */
@Injectable()
export class DrillsService {
  private readonly log = new Logger('Drills');
  private readonly drills = new DrillsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly tenancy: TenancyService,
    private readonly policies: PoliciesService,
    private readonly escalation: EscalationService,
  ) {}

  /** The same key twice is one drill. @throws HubError `not_found` for a policy, `conflict` for a key that came with something else */
  async add(tenantId: string, { timeZone, ...wanted }: Omit<NewDrill, 'timeZone'> & { timeZone?: string | undefined }, by: string | undefined, key: string | undefined): Promise<Drill> {
    if (wanted.policyId) await this.policies.policy(tenantId, wanted.policyId);
    const { settings } = await this.tenancy.tenant(tenantId);
    const rhythm = { ...wanted, timeZone: timeZone ?? (isTimeZone(settings.timeZone) ? settings.timeZone : 'UTC') };
    const [createdAt, fingerprint] = [this.clock.now(), digestOf(rhythm)];
    const id = key ? uuidOf(`${tenantId}/drill/${key}`) : uuidv7(createdAt.getTime());
    const { at, week } = nextTime(rhythm, createdAt);
    const drill = { ...rhythm, id, anchorWeek: week, number: 0, nextAt: at, createdAt };
    return this.database.transaction(tenantId, async (tx) => {
      if (await this.drills.insert(tx, drill, fingerprint)) {
        this.note(tx, id, 'none', 'planned', 'added', by);
        this.enqueue(tx, drill);
        return drill;
      }
      if ((await this.drills.fingerprintOf(tx, id)) !== fingerprint) throw conflict('key_used', 'This Idempotency-Key came with another drill before.');
      return this.found(tx, id);
    });
  }

  async list(tenantId: string, after: After, limit: number): Promise<DrillWithLast[]> {
    const [drills, last] = await this.database.transaction(tenantId, async (tx) => {
      const page = await this.drills.list(tx, after, limit);
      return [page, await this.drills.lastRuns(tx, page.map(({ id }) => id))] as const;
    });
    const results = await this.withResults(tenantId, last);
    return drills.map((drill) => ({ ...drill, lastRun: results.find(({ drillId }) => drillId === drill.id) ?? null }));
  }

  /** Oldest first. @throws HubError `not_found` */
  async runs(tenantId: string, drillId: string, after: After, limit: number): Promise<RunWithResult[]> {
    const runs = await this.database.transaction(tenantId, async (tx) => this.drills.runs(tx, (await this.found(tx, drillId)).id, after, limit));
    return this.withResults(tenantId, runs);
  }

  /** @throws HubError `not_found` */
  remove(tenantId: string, id: string, by: string | undefined): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => {
      await this.found(tx, id);
      this.drills.remove(tx, id, this.clock.now());
      this.note(tx, id, 'planned', 'removed', 'removed', by);
    });
  }

  /** One at once, besides those that come by themselves. The same key twice is one. @throws HubError `not_found` */
  runNow(tenantId: string, id: string, by: string | undefined, key: string | undefined): Promise<DrillRun> {
    return this.database.transaction(tenantId, async (tx) => {
      const createdAt = this.clock.now();
      const drill = await this.found(tx, id);
      const runId = key ? uuidOf(`${drill.id}/run/${key}`) : uuidv7(createdAt.getTime());
      const run: DrillRun = { id: runId, drillId: drill.id, outcome: 'begun', why: null, incidentId: null, createdAt };
      if (!(await this.drills.insertRun(tx, run))) return (await this.drills.findRun(tx, runId))!;
      this.note(tx, drill.id, 'planned', 'planned', 'run now', by);
      this.outbox.enqueue(tx, { name: 'drills.begin', payload: { runId } });
      return run;
    });
  }

  /** The alarm of one of them, by its number: what it was for has been done when that has moved on. Twice is once. */
  async due(tenantId: string, drillId: string, number: number): Promise<JobOutcome> {
    return this.database.transaction(tenantId, async (tx): Promise<JobOutcome> => {
      const drill = await this.drills.lock(tx, drillId);
      if (!drill || drill.number !== number) return;
      const now = this.clock.now();
      if (now < drill.nextAt) return { again: drill.nextAt };
      const run: DrillRun = { id: uuidOf(`${drillId}/${number}`), drillId, ...(await this.fitness(tx, drill.nextAt, now)), incidentId: null, createdAt: now };
      await this.drills.insertRun(tx, run);
      if (run.outcome === 'begun') this.outbox.enqueue(tx, { name: 'drills.begin', payload: { runId: run.id } });
      else this.refuse(tx, run);
      const next = { ...drill, number: number + 1, nextAt: nextTime(drill, now, drill.anchorWeek).at };
      this.drills.advance(tx, next);
      this.enqueue(tx, next);
    });
  }

  private async fitness(tx: Tx, dueAt: Date, now: Date): Promise<Pick<DrillRun, 'outcome' | 'why'>> {
    if (now.getTime() - dueAt.getTime() > WORTH_WHILE_MS) return { outcome: 'missed', why: `it was due at ${dueAt.toISOString()}, and nothing was running` };
    const code = await this.escalation.openCode(tx);
    return code ? { outcome: 'skipped', why: `incident ${code} is open, and it is a real one` } : { outcome: 'begun', why: null };
  }

  /** Opens the incident, unless it comes too late by now. Its key is the run's id, so that it is one, whoever dies and whoever else does it. */
  async begin(tenantId: string, runId: string): Promise<void> {
    const run = await this.database.transaction(tenantId, (tx) => this.drills.findRun(tx, runId));
    if (!run || run.outcome !== 'begun' || run.incidentId) return;
    await reach('drill.begins');
    const opened = (await this.unfit(tenantId, run)) ?? (await this.open(tenantId, run));
    await this.database.transaction(tenantId, async (tx) => {
      const noted = { ...run, ...opened };
      this.drills.noteRun(tx, noted);
      if (noted.outcome === 'begun') this.note(tx, run.drillId, 'planned', 'begun', `incident ${noted.incidentId}`, undefined);
      else this.refuse(tx, noted);
    });
  }

  /** Whoever had to open it may have died, hours ago. What was opened before that goes on. */
  private async unfit(tenantId: string, { id, createdAt }: DrillRun): Promise<Pick<DrillRun, 'outcome' | 'why' | 'incidentId'> | null> {
    const opened = await this.escalation.among(tenantId, [incidentOf(tenantId, keyOf(id))]);
    if (opened.length > 0) return null;
    const fitness = await this.database.transaction(tenantId, (tx) => this.fitness(tx, createdAt, this.clock.now()));
    return fitness.outcome === 'begun' ? null : { ...fitness, incidentId: null };
  }

  private async open(tenantId: string, { id, name, policyId }: DrillRun & Pick<Drill, 'name' | 'policyId'>): Promise<Pick<DrillRun, 'outcome' | 'why' | 'incidentId'>> {
    const tenant = await this.tenancy.tenant(tenantId);
    const wanted = { conversationSid: null, urgency: URGENCY, reason: `Drill: ${name}`, source: 'drill', callback: null, policyId, isDrill: true };
    try {
      return { outcome: 'begun', why: null, incidentId: (await this.escalation.report(tenant, wanted, keyOf(id))).id };
    } catch (error) {
      if (!(error instanceof HubError && error.code === 'no_policy')) throw error;
      return { outcome: 'refused', why: error.message, incidentId: null };
    }
  }

  private refuse(tx: Tx, { drillId, outcome, why }: DrillRun): void {
    this.note(tx, drillId, 'planned', outcome, why ?? '', undefined);
    this.log.warn(`drill ${drillId} was ${outcome}: ${why}`);
  }

  private async withResults(tenantId: string, runs: readonly DrillRun[]): Promise<RunWithResult[]> {
    const incidents = new Map((await this.escalation.among(tenantId, runs.flatMap(({ incidentId }) => incidentId ?? []))).map((incident) => [incident.id, incident]));
    return runs.map((run) => {
      const { state = null, acknowledgedBy = null, acknowledgedAt = null, createdAt } = incidents.get(run.incidentId ?? '') ?? {};
      return { ...run, state, acknowledgedBy, secondsToAcknowledge: acknowledgedAt && createdAt ? (acknowledgedAt.getTime() - createdAt.getTime()) / 1_000 : null };
    });
  }

  private enqueue(tx: Tx, { id, number, nextAt }: Drill): void {
    this.outbox.enqueue(tx, { name: 'drills.due', payload: { drillId: id, number }, dueAt: nextAt });
  }

  private note(tx: Tx, id: string, from: string, to: string, what: string, by: string | undefined): void {
    recordTransition(tx, { conversationSid: null, machine: 'drill', entityId: id, from, to, cause: by ? `${what}, by ${by}` : what, at: this.clock.now() });
  }

  private async found(tx: Tx, id: string): Promise<Drill> {
    const drill = isUuid(id) ? await this.drills.find(tx, id) : null;
    if (!drill) throw notFound('drill', id);
    return drill;
  }
}

const keyOf = (runId: string): string => `drill/${runId}`;
