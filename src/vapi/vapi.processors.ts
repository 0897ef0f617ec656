import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { ClosingService } from './closing.service.js';

@Processor('vapi.close', workerOptions('vapi.close'))
export class CloseProcessor extends JobProcessor<'vapi.close'> {
  constructor(runner: JobRunner, private readonly closing: ClosingService) {
    super('vapi.close', runner);
  }

  run(tenantId: string, { vapiId }: JobPayload<'vapi.close'>): Promise<JobOutcome> {
    return this.closing.close(tenantId, vapiId);
  }
}
