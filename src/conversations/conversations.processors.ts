import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { MergingService } from './merging.service.js';
import { OwnershipService } from './ownership.service.js';

@Processor('conversations.clock', workerOptions('conversations.clock'))
export class ClockProcessor extends JobProcessor<'conversations.clock'> {
  constructor(runner: JobRunner, private readonly ownership: OwnershipService) {
    super('conversations.clock', runner);
  }

  run(tenantId: string, { conversationSid, epoch }: JobPayload<'conversations.clock'>): Promise<JobOutcome> {
    return this.ownership.clockStruck(tenantId, conversationSid, epoch);
  }
}

@Processor('conversations.unite', workerOptions('conversations.unite'))
export class UniteProcessor extends JobProcessor<'conversations.unite'> {
  constructor(runner: JobRunner, private readonly merging: MergingService) {
    super('conversations.unite', runner);
  }

  run(tenantId: string, { contactId, ownerId }: JobPayload<'conversations.unite'>): Promise<JobOutcome> {
    return this.merging.unite(tenantId, contactId, ownerId);
  }
}
