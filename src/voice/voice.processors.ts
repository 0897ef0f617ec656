import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { LobbyService } from './lobby.service.js';
import { VoicemailService } from './voicemail.service.js';

@Processor('calls.voicemail', workerOptions('calls.voicemail'))
export class VoicemailProcessor extends JobProcessor<'calls.voicemail'> {
  constructor(runner: JobRunner, private readonly voicemail: VoicemailService) {
    super('calls.voicemail', runner);
  }

  run(tenantId: string, { recordingSid }: JobPayload<'calls.voicemail'>): Promise<JobOutcome> {
    return this.voicemail.takeIn(tenantId, recordingSid);
  }
}

@Processor('calls.over', workerOptions('calls.over'))
export class OverProcessor extends JobProcessor<'calls.over'> {
  constructor(runner: JobRunner, private readonly lobby: LobbyService) {
    super('calls.over', runner);
  }

  run(tenantId: string, { callSid }: JobPayload<'calls.over'>): Promise<JobOutcome> {
    return this.lobby.hasEnded(tenantId, callSid);
  }
}
