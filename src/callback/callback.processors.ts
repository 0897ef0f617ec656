import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { CallbackService } from './callback.service.js';
import { DrivingService } from './driving.service.js';
import { TellingService } from './telling.service.js';

@Processor('callback.tell', workerOptions('callback.tell'))
export class TellProcessor extends JobProcessor<'callback.tell'> {
  constructor(runner: JobRunner, private readonly telling: TellingService) {
    super('callback.tell', runner);
  }

  run(tenantId: string, { incidentId }: JobPayload<'callback.tell'>): Promise<JobOutcome> {
    return this.telling.tell(tenantId, incidentId);
  }
}

@Processor('callback.connect', workerOptions('callback.connect'))
export class ConnectProcessor extends JobProcessor<'callback.connect'> {
  constructor(runner: JobRunner, private readonly callbacks: CallbackService) {
    super('callback.connect', runner);
  }

  run(tenantId: string, { incidentId, attemptId, replySid }: JobPayload<'callback.connect'>): Promise<JobOutcome> {
    return this.callbacks.connectByText(tenantId, { incidentId, attemptId, callSid: null, phone: null, key: replySid });
  }
}

@Processor('callback.drive', workerOptions('callback.drive'))
export class CallbackDriveProcessor extends JobProcessor<'callback.drive'> {
  constructor(runner: JobRunner, private readonly driving: DrivingService) {
    super('callback.drive', runner);
  }

  run(tenantId: string, { callbackId }: JobPayload<'callback.drive'>): Promise<JobOutcome> {
    return this.driving.drive(tenantId, callbackId);
  }
}

@Processor('callback.clock', workerOptions('callback.clock'))
export class CallbackClockProcessor extends JobProcessor<'callback.clock'> {
  constructor(runner: JobRunner, private readonly driving: DrivingService) {
    super('callback.clock', runner);
  }

  run(tenantId: string, { callbackId, epoch }: JobPayload<'callback.clock'>): Promise<JobOutcome> {
    return this.driving.clockStruck(tenantId, callbackId, epoch);
  }
}
