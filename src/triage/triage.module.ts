import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { EscalationModule } from '../escalation/escalation.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { AskingService } from './asking.service.js';
import { JudgingService } from './judging.service.js';
import { VerdictsService } from './verdicts.service.js';
import { TriageController } from './triage.controller.js';
import { HeardProcessor, JudgeProcessor } from './triage.processors.js';
import { TriageService } from './triage.service.js';
import { WordsService } from './words.service.js';

// owns: alarm_words, judgings, verdicts
// woken by: /api/v1/alarm-words, /api/v1/conversations/:sid/urgency, each message that is recorded, triage.heard, triage.judge
// wakes: triage.heard, triage.judge
// may import: tenancy, contacts, conversations, staff, escalation
@Module({
  imports: [TenancyModule, ContactsModule, ConversationsModule, EscalationModule],
  controllers: [TriageController],
  providers: [TriageService, WordsService, JudgingService, AskingService, VerdictsService, HeardProcessor, JudgeProcessor],
  exports: [TriageService],
})
export class TriageModule {}
