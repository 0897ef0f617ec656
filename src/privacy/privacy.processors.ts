import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { ErasureService } from './erasure.service.js';
import { RetentionService } from './retention.service.js';

@Processor('privacy.erase', workerOptions('privacy.erase'))
export class ErasureProcessor extends JobProcessor<'privacy.erase'> {
  constructor(runner: JobRunner, private readonly erasure: ErasureService) {
    super('privacy.erase', runner);
  }

  run(tenantId: string, { erasureId }: JobPayload<'privacy.erase'>): Promise<JobOutcome> {
    return this.erasure.goOn(tenantId, erasureId);
  }
}

@Processor('privacy.retain', workerOptions('privacy.retain'))
export class RetentionProcessor extends JobProcessor<'privacy.retain'> {
  constructor(runner: JobRunner, private readonly retention: RetentionService) {
    super('privacy.retain', runner);
  }

  run(tenantId: string): Promise<JobOutcome> {
    return this.retention.retain(tenantId);
  }
}
