import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { AssistantService } from './assistant.service.js';

@Processor('assistant.turn', workerOptions('assistant.turn'))
export class TurnProcessor extends JobProcessor<'assistant.turn'> {
  constructor(runner: JobRunner, private readonly assistant: AssistantService) {
    super('assistant.turn', runner);
  }

  run(tenantId: string, payload: JobPayload<'assistant.turn'>): Promise<JobOutcome> {
    return this.assistant.takeTurn(tenantId, payload);
  }
}
