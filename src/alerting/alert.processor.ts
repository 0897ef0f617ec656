import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { AlertingService } from './alerting.service.js';

@Processor('escalation.alert', workerOptions('escalation.alert'))
export class AlertProcessor extends JobProcessor<'escalation.alert'> {
  constructor(runner: JobRunner, private readonly alerting: AlertingService) {
    super('escalation.alert', runner);
  }

  run(tenantId: string, { attemptId }: JobPayload<'escalation.alert'>): Promise<JobOutcome> {
    return this.alerting.alert(tenantId, attemptId);
  }
}
