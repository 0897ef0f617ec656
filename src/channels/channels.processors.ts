import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { AdoptionService } from './adoption.service.js';
import { CatchUpService } from './catch-up.service.js';

@Processor('channels.catch_up', workerOptions('channels.catch_up'))
export class CatchUpProcessor extends JobProcessor<'channels.catch_up'> {
  constructor(runner: JobRunner, private readonly catchingUp: CatchUpService) {
    super('channels.catch_up', runner);
  }

  run(tenantId: string): Promise<JobOutcome> {
    return this.catchingUp.catchUp(tenantId);
  }
}

@Processor('conversations.adopt', workerOptions('conversations.adopt'))
export class AdoptionProcessor extends JobProcessor<'conversations.adopt'> {
  constructor(runner: JobRunner, private readonly adoption: AdoptionService) {
    super('conversations.adopt', runner);
  }

  run(_tenantId: string, { messageSid, ...foreign }: JobPayload<'conversations.adopt'>): Promise<JobOutcome> {
    return this.adoption.adopt(foreign, messageSid);
  }
}
