import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { SummaryService } from './summary.service.js';

@Processor('memory.summarise', workerOptions('memory.summarise'))
export class SummariseProcessor extends JobProcessor<'memory.summarise'> {
  constructor(runner: JobRunner, private readonly summaries: SummaryService) {
    super('memory.summarise', runner);
  }

  run(tenantId: string, { conversationSid }: JobPayload<'memory.summarise'>): Promise<JobOutcome> {
    return this.summaries.summarise(tenantId, conversationSid);
  }
}
