import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { LadderService } from './ladder.service.js';

@Processor('escalation.climb', workerOptions('escalation.climb'))
export class ClimbProcessor extends JobProcessor<'escalation.climb'> {
  constructor(runner: JobRunner, private readonly ladder: LadderService) {
    super('escalation.climb', runner);
  }

  run(tenantId: string, { incidentId, epoch }: JobPayload<'escalation.climb'>): Promise<JobOutcome> {
    return this.ladder.climb(tenantId, incidentId, epoch);
  }
}

@Processor('escalation.watch', workerOptions('escalation.watch'))
export class WatchProcessor extends JobProcessor<'escalation.watch'> {
  constructor(runner: JobRunner, private readonly ladder: LadderService) {
    super('escalation.watch', runner);
  }

  run(tenantId: string, { incidentId }: JobPayload<'escalation.watch'>): Promise<JobOutcome> {
    return this.ladder.watch(tenantId, incidentId);
  }
}
