import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { type Transition, Transitions } from '@throughline/database/transitions.js';
import { EscalationService } from '../escalation/escalation.service.js';
import type { Incident, NewReport, Sighted } from '../escalation/escalation.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';

export interface IncidentLog extends Sighted {
  secondsToFirstAttempt: number | null;
  secondsToAcknowledge: number | null;
  /** Of the incident and of each attempt, oldest first. */
  changes: Transition[];
}

/** Incidents as programs of the tenant see them. */
@Injectable()
export class IncidentsService {
  private readonly transitions = new Transitions();

  constructor(
    private readonly database: Database,
    private readonly tenancy: TenancyService,
    private readonly escalation: EscalationService,
  ) {}

  list(tenantId: string, after: { at: Date; id: string } | null, limit: number): Promise<Incident[]> {
    return this.escalation.list(tenantId, after, limit);
  }

  async report(tenantId: string, wanted: NewReport, key: string | undefined): Promise<Incident> {
    return this.escalation.report(await this.tenancy.tenant(tenantId), wanted, key);
  }

  acknowledge(tenantId: string, id: string, name: string): Promise<{ incident: Incident; isFirst: boolean }> {
    return this.escalation.acknowledge(tenantId, id, { name, staffId: null, via: 'api', attemptId: null });
  }

  cancel(tenantId: string, id: string, by: string): Promise<Incident> {
    return this.escalation.cancel(tenantId, id, by);
  }

  /** All that has happened to it. @throws HubError `not_found` */
  async log(tenantId: string, id: string): Promise<IncidentLog> {
    const { incident, attempts } = await this.escalation.sighted(tenantId, id);
    const changes = await this.database.transaction(tenantId, (tx) => this.transitions.ofIncident(tx, [id, ...attempts.map((attempt) => attempt.id)]));
    const dispatched = attempts.flatMap(({ dispatchedAt }) => (dispatchedAt ? [dispatchedAt.getTime()] : []));
    return {
      incident, attempts, changes, secondsToFirstAttempt: dispatched.length > 0 ? since(incident, new Date(Math.min(...dispatched))) : null,
      secondsToAcknowledge: incident.acknowledgedAt && since(incident, incident.acknowledgedAt),
    };
  }
}

const since = ({ createdAt }: Incident, at: Date): number => (at.getTime() - createdAt.getTime()) / 1_000;
