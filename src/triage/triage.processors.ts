import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { JudgingService } from './judging.service.js';

@Processor('triage.heard', workerOptions('triage.heard'))
export class HeardProcessor extends JobProcessor<'triage.heard'> {
  constructor(runner: JobRunner, private readonly judging: JudgingService) {
    super('triage.heard', runner);
  }

  run(tenantId: string, { conversationSid, seq }: JobPayload<'triage.heard'>): Promise<void> {
    return this.judging.heard(tenantId, conversationSid, seq);
  }
}

@Processor('triage.judge', workerOptions('triage.judge'))
export class JudgeProcessor extends JobProcessor<'triage.judge'> {
  constructor(runner: JobRunner, private readonly judging: JudgingService) {
    super('triage.judge', runner);
  }

  run(tenantId: string, { conversationSid, seq }: JobPayload<'triage.judge'>): Promise<JobOutcome> {
    return this.judging.judge(tenantId, conversationSid, seq);
  }
}
