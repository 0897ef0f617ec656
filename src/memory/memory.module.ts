import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { MemoryService } from './memory.service.js';
import { SummariseProcessor } from './summarise.processor.js';
import { SummaryService } from './summary.service.js';

// owns: facts, summaries
// woken by: job memory.summarise
// wakes: nothing
// may import: tenancy, contacts, conversations
@Module({
  imports: [TenancyModule, ConversationsModule],
  providers: [MemoryService, SummaryService, SummariseProcessor],
  exports: [MemoryService],
})
export class MemoryModule {}
