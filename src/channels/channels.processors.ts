import { Processor } from '@nestjs/bullmq';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
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
