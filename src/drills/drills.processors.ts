import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { DrillsService } from './drills.service.js';

@Processor('drills.due', workerOptions('drills.due'))
export class DueProcessor extends JobProcessor<'drills.due'> {
  constructor(runner: JobRunner, private readonly drills: DrillsService) {
    super('drills.due', runner);
  }

  run(tenantId: string, { drillId, number }: JobPayload<'drills.due'>): Promise<JobOutcome> {
    return this.drills.due(tenantId, drillId, number);
  }
}

@Processor('drills.begin', workerOptions('drills.begin'))
export class BeginProcessor extends JobProcessor<'drills.begin'> {
  constructor(runner: JobRunner, private readonly drills: DrillsService) {
    super('drills.begin', runner);
  }

  run(tenantId: string, { runId }: JobPayload<'drills.begin'>): Promise<void> {
    return this.drills.begin(tenantId, runId);
  }
}
