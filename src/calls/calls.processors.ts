import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { OpeningService } from './opening.service.js';

@Processor('calls.open', workerOptions('calls.open'))
export class OpenProcessor extends JobProcessor<'calls.open'> {
  constructor(runner: JobRunner, private readonly opening: OpeningService) {
    super('calls.open', runner);
  }

  run(tenantId: string, { callSid }: JobPayload<'calls.open'>): Promise<JobOutcome> {
    return this.opening.open(tenantId, callSid);
  }
}

@Processor('calls.show', workerOptions('calls.show'))
export class ShowProcessor extends JobProcessor<'calls.show'> {
  constructor(runner: JobRunner, private readonly opening: OpeningService) {
    super('calls.show', runner);
  }

  run(tenantId: string, { conversationSid }: JobPayload<'calls.show'>): Promise<JobOutcome> {
    return this.opening.show(tenantId, conversationSid);
  }
}

@Processor('calls.check', workerOptions('calls.check'))
export class CheckProcessor extends JobProcessor<'calls.check'> {
  constructor(runner: JobRunner, private readonly opening: OpeningService) {
    super('calls.check', runner);
  }

  run(tenantId: string, { callSid }: JobPayload<'calls.check'>): Promise<JobOutcome> {
    return this.opening.check(tenantId, callSid);
  }
}
