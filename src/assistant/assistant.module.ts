import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { KnowledgeModule } from '../knowledge/knowledge.module.js';
import { MediaModule } from '../media/media.module.js';
import { MemoryModule } from '../memory/memory.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { ForgetProcessor, TurnProcessor } from './assistant.processors.js';
import { AssistantService } from './assistant.service.js';
import { PromptService } from './prompt.service.js';
import { ReplyService } from './reply.service.js';
import { CurrentTimeTool } from './tools/current-time.tool.js';
import { HandOffTool } from './tools/hand-off.tool.js';
import { ForgetTool, KnownFactsTool, RememberTool } from './tools/memory.tools.js';
import { SearchKnowledgeTool } from './tools/search-knowledge.tool.js';
import { ToolRegistry } from './tools/tool.registry.js';
import { ToolsService } from './tools/tools.service.js';
import { TurnLimits } from './turn.watch.js';
import { TurnsService } from './turns.service.js';

// owns: turns, tool_calls
// woken by: jobs assistant.turn, assistant.forget
// wakes: memory.summarise
// may import: tenancy, conversations, memory, knowledge, media
@Module({
  imports: [TenancyModule, ConversationsModule, MemoryModule, KnowledgeModule, MediaModule],
  providers: [
    AssistantService, TurnsService, PromptService, ReplyService, TurnLimits, TurnProcessor, ForgetProcessor,
    ToolsService, ToolRegistry, HandOffTool, RememberTool, KnownFactsTool, ForgetTool, SearchKnowledgeTool, CurrentTimeTool,
  ],
  exports: [AssistantService],
})
export class AssistantModule {}
