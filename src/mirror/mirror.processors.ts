import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { CopyingService } from './copying.service.js';
import { OpeningService } from './opening.service.js';
import { ReconcileService } from './reconcile.service.js';

@Processor('inbox.receive', workerOptions('inbox.receive'))
export class InboxProcessor extends JobProcessor<'inbox.receive'> {
  constructor(runner: JobRunner, private readonly opening: OpeningService) {
    super('inbox.receive', runner);
  }

  run(tenantId: string, { inboxId }: JobPayload<'inbox.receive'>): Promise<JobOutcome> {
    return this.opening.receiveKept(tenantId, inboxId);
  }
}

@Processor('conversations.mirror', workerOptions('conversations.mirror'))
export class MirrorProcessor extends JobProcessor<'conversations.mirror'> {
  constructor(runner: JobRunner, private readonly copying: CopyingService) {
    super('conversations.mirror', runner);
  }

  run(tenantId: string, { conversationSid }: JobPayload<'conversations.mirror'>): Promise<JobOutcome> {
    return this.copying.copy(tenantId, conversationSid);
  }
}

@Processor('conversations.reconcile', workerOptions('conversations.reconcile'))
export class ReconcileProcessor extends JobProcessor<'conversations.reconcile'> {
  constructor(runner: JobRunner, private readonly reconciling: ReconcileService) {
    super('conversations.reconcile', runner);
  }

  run(tenantId: string): Promise<JobOutcome> {
    return this.reconciling.reconcile(tenantId);
  }
}
