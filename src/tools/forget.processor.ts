import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { ToolsService } from './tools.service.js';

@Processor('tools.forget', workerOptions('tools.forget'))
export class ForgetProcessor extends JobProcessor<'tools.forget'> {
  constructor(runner: JobRunner, private readonly tools: ToolsService) {
    super('tools.forget', runner);
  }

  run(tenantId: string, { conversationSid }: JobPayload<'tools.forget'>): Promise<JobOutcome> {
    return this.tools.forgetMemories(tenantId, conversationSid);
  }
}
