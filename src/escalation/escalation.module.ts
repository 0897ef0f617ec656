import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { OncallModule } from '../oncall/oncall.module.js';
import { PlacingModule } from '../placing/placing.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { StaffModule } from '../staff/staff.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { ClimbProcessor, WatchProcessor } from './escalation.processors.js';
import { EscalationService } from './escalation.service.js';
import { HistoryService } from './history.service.js';
import { LadderService } from './ladder.service.js';
import { LinksService } from './links.service.js';
import { PagingService } from './paging.service.js';
import { RepliesService } from './replies.service.js';
import { ReportingService } from './reporting.service.js';
import { TargetsService } from './targets.service.js';

// owns: incidents, incident_schedules, incident_attempts, incident_replies, incident_keys
// woken by: jobs escalation.climb, escalation.watch
// wakes: escalation.climb, escalation.alert, escalation.watch
// may import: tenancy, conversations, placing, staff, oncall, policies
@Module({
  imports: [TenancyModule, ConversationsModule, PlacingModule, StaffModule, OncallModule, PoliciesModule],
  providers: [
    EscalationService, ReportingService, RepliesService, HistoryService, LadderService, TargetsService, PagingService, LinksService,
    ClimbProcessor, WatchProcessor,
  ],
  exports: [EscalationService],
})
export class EscalationModule {}
