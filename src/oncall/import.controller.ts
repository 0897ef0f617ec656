import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import type { Caller } from '../tenancy/tenancy.types.js';
import { type ImportReport, ImportService } from './import.service.js';
import { type ImportBody, importReportSchema, importSchema } from './oncall.schemas.js';

/** Out of another system. */
@Controller('api/v1/schedules/import')
@ManagementApi('On-call')
export class ImportController {
  constructor(private readonly imports: ImportService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'importSchedules', summary: 'Schedules and their people out of Grafana OnCall or Opsgenie',
    description:
      'What their APIs answer, in one document. Grafana OnCall: `schedules`, `on_call_shifts`, `users`. Opsgenie: `schedules` with `expand=rotation`, each with its `overrides`, and `users`. ' +
      'A dry run unless it is said otherwise. What cannot be said here just as it is meant there is left out and named. Again, it brings only what is new.',
  })
  @Answers(importReportSchema, 'What came, or would come')
  run(@CurrentCaller() { tenantId }: Caller, @Body({ schema: importSchema }) { system, document, isDryRun, by }: ImportBody): Promise<ImportReport> {
    return this.imports.run(tenantId, system, document, { isDryRun, by });
  }
}
