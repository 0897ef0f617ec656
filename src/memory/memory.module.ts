import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { FactsController } from './facts.controller.js';
import { ForgettingService } from './forgetting.service.js';
import { MemoryService } from './memory.service.js';
import { SummariseProcessor } from './summarise.processor.js';
import { SummaryService } from './summary.service.js';

// owns: facts, summaries, withheld
// woken by: /api/v1/contacts/:id/facts, job memory.summarise
// wakes: memory.summarise, tools.forget
// may import: tenancy, contacts, conversations
@Module({
  imports: [TenancyModule, ContactsModule, ConversationsModule],
  controllers: [FactsController],
  providers: [MemoryService, ForgettingService, SummaryService, SummariseProcessor],
  exports: [MemoryService],
})
export class MemoryModule {}
