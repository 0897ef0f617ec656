import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { OutboundService } from './outbound.service.js';

@Processor('outbound.drive', workerOptions('outbound.drive'))
export class OutboundProcessor extends JobProcessor<'outbound.drive'> {
  constructor(runner: JobRunner, private readonly outbound: OutboundService) {
    super('outbound.drive', runner);
  }

  run(tenantId: string, { outboundCallId }: JobPayload<'outbound.drive'>): Promise<JobOutcome> {
    return this.outbound.drive(tenantId, outboundCallId);
  }
}
