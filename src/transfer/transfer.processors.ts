import { Processor } from '@nestjs/bullmq';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { DrivingService } from './driving.service.js';

@Processor('transfer.drive', workerOptions('transfer.drive'))
export class DriveProcessor extends JobProcessor<'transfer.drive'> {
  constructor(runner: JobRunner, private readonly driving: DrivingService) {
    super('transfer.drive', runner);
  }

  run(tenantId: string, { transferId }: JobPayload<'transfer.drive'>): Promise<JobOutcome> {
    return this.driving.drive(tenantId, transferId);
  }
}

@Processor('transfer.clock', workerOptions('transfer.clock'))
export class TransferClockProcessor extends JobProcessor<'transfer.clock'> {
  constructor(runner: JobRunner, private readonly driving: DrivingService) {
    super('transfer.clock', runner);
  }

  run(tenantId: string, { transferId, epoch }: JobPayload<'transfer.clock'>): Promise<JobOutcome> {
    return this.driving.clockStruck(tenantId, transferId, epoch);
  }
}
