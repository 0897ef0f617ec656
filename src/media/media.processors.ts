import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { MediaService } from './media.service.js';

@Processor('media.fetch', workerOptions('media.fetch'))
export class FetchProcessor extends JobProcessor<'media.fetch'> {
  constructor(runner: JobRunner, private readonly media: MediaService) {
    super('media.fetch', runner);
  }

  run(tenantId: string, { messageId }: JobPayload<'media.fetch'>): Promise<JobOutcome> {
    return this.media.fetch(tenantId, messageId);
  }
}

@Processor('media.drop', workerOptions('media.drop'))
export class DropProcessor extends JobProcessor<'media.drop'> {
  constructor(runner: JobRunner, private readonly media: MediaService) {
    super('media.drop', runner);
  }

  run(tenantId: string, { uploadId }: JobPayload<'media.drop'>): Promise<JobOutcome> {
    return this.media.drop(tenantId, uploadId);
  }
}
