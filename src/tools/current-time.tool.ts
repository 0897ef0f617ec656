import { Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { z } from 'zod';
import { localTime } from '@throughline/kernel/words.js';
import type { Tool, ToolContext, ToolResult } from './tools.types.js';

const noArguments = z.object({});

/** What the clock on the tenant's wall says. */
@Injectable()
export class CurrentTimeTool implements Tool<typeof noArguments> {
  readonly name = 'current_time';
  readonly description = 'The present date, weekday and local time of the business.';
  readonly arguments = noArguments;
  readonly timeoutMs = 1_000;
  readonly hasEffect = false;

  constructor(private readonly clock: Clock) {}

  async run({ tenant }: ToolContext): Promise<ToolResult> {
    return { outcome: 'done', report: localTime(this.clock.now(), tenant.settings.timeZone) };
  }
}
