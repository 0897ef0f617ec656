import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { ProviderService } from './provider.service.js';
import { SendingService } from './sending.service.js';

@Processor('delivery.send', workerOptions('delivery.send'))
export class SendProcessor extends JobProcessor<'delivery.send'> {
  constructor(runner: JobRunner, private readonly sending: SendingService) {
    super('delivery.send', runner);
  }

  run(tenantId: string, { messageId }: JobPayload<'delivery.send'>): Promise<JobOutcome> {
    return this.sending.send(tenantId, messageId);
  }
}

@Processor('delivery.check', workerOptions('delivery.check'))
export class CheckProcessor extends JobProcessor<'delivery.check'> {
  constructor(runner: JobRunner, private readonly provider: ProviderService) {
    super('delivery.check', runner);
  }

  run(tenantId: string, { deliveryId }: JobPayload<'delivery.check'>): Promise<JobOutcome> {
    return this.provider.check(tenantId, deliveryId);
  }
}
