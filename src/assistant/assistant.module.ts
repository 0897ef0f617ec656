import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { MediaModule } from '../media/media.module.js';
import { MemoryModule } from '../memory/memory.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { AssistantService } from './assistant.service.js';
import { PromptService } from './prompt.service.js';
import { ReplyService } from './reply.service.js';
import { CurrentTimeTool } from './tools/current-time.tool.js';
import { HandOffTool } from './tools/hand-off.tool.js';
import { RememberTool } from './tools/remember.tool.js';
import { ToolRegistry } from './tools/tool.registry.js';
import { ToolsService } from './tools/tools.service.js';
import { TurnProcessor } from './turn.processor.js';
import { TurnLimits } from './turn.watch.js';
import { TurnsService } from './turns.service.js';

// owns: turns, tool_calls
// woken by: job assistant.turn
// wakes: memory.summarise
// may import: tenancy, conversations, memory, media
@Module({
  imports: [TenancyModule, ConversationsModule, MediaModule, MemoryModule],
  providers: [
    AssistantService, TurnsService, PromptService, ReplyService, TurnLimits, TurnProcessor,
    ToolsService, ToolRegistry, HandOffTool, RememberTool, CurrentTimeTool,
  ],
  exports: [AssistantService],
})
export class AssistantModule {}
