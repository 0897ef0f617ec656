import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { CitationsController, KnowledgeController } from './knowledge.controller.js';
import { KnowledgeService } from './knowledge.service.js';

// owns: knowledge_pages, knowledge_passages, citations
// woken by: /api/v1/knowledge, /api/v1/conversations/:sid/citations
// wakes: nothing
// may import: tenancy, conversations
@Module({
  imports: [TenancyModule, ConversationsModule],
  controllers: [KnowledgeController, CitationsController],
  providers: [KnowledgeService],
  exports: [KnowledgeService],
})
export class KnowledgeModule {}
