import { Module } from '@nestjs/common';
import { SessionsService } from './sessions.service.js';
import { VisitorsService } from './visitors.service.js';
import { WidgetsController } from './widgets.controller.js';
import { WidgetsService } from './widgets.service.js';

// owns: widgets, visitors, chat_keys
// woken by: /api/v1/widgets
// wakes: nothing
// may import: tenancy
@Module({
  controllers: [WidgetsController],
  providers: [VisitorsService, SessionsService, WidgetsService],
  exports: [VisitorsService],
})
export class VisitorsModule {}
