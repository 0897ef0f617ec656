import { Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { CallsService } from '../calls/calls.service.js';
import { type Call, isAtTwilio } from '../calls/calls.types.js';
import { BindingsService, LOOK_EVERY_MS } from './bindings.service.js';
import { LinesService } from './lines.service.js';
import type { VapiCallRow } from './vapi.types.js';

/** Longer than any call at Vapi lasts. */
const GONE_AFTER_MS = 4_500_000;

/** What is left to do when Vapi is out of a call. */
@Injectable()
export class ClosingService {
  constructor(
    private readonly clock: Clock,
    private readonly bindings: BindingsService,
    private readonly lines: LinesService,
    private readonly calls: CallsService,
  ) {}

  /** Runs until the call is over at Vapi, and nothing of it is kept there. Twice is once. */
  async close(tenantId: string, vapiId: string): Promise<JobOutcome> {
    const row = await this.bindings.find(vapiId);
    const call = row && !row.removedAt ? await this.calls.find(tenantId, row.callSid) : null;
    if (!row || !call) return;
    if (call.state !== 'ended' && (await this.goesOn(row, call))) return { again: this.clock.in(LOOK_EVERY_MS) };
    await this.lines.remove(vapiId);
    await this.bindings.removed(row);
  }

  /** Whether Vapi still speaks in it. Where the whole call is over, that is noted: Twilio's word may come later, or never. */
  private async goesOn(row: VapiCallRow, call: Call): Promise<boolean> {
    if (row.endedAt === null && row.begunAt !== null && this.clock.ms() < row.createdAt.getTime() + GONE_AFTER_MS) return true;
    const isOver = isAtTwilio(call.callSid) ? !(await this.lines.goesOn(call.callSid)) : true;
    if (isOver) await this.bindings.over(row);
    return false;
  }
}
