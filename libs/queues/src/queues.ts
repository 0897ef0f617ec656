import { getQueueToken } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Queue } from 'bullmq';
import type { JobEnvelope, JobName } from './job-catalog.js';

/** The BullMQ queue of each job. */
@Injectable()
export class Queues {
  constructor(private readonly moduleRef: ModuleRef) {}

  of(name: JobName): Queue<JobEnvelope> {
    return this.moduleRef.get<Queue<JobEnvelope>>(getQueueToken(name), { strict: false });
  }
}
