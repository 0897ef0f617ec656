import { Module } from '@nestjs/common';
import { CallsModule } from '../calls/calls.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { MediaModule } from '../media/media.module.js';
import { MemoryModule } from '../memory/memory.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { ToolsModule } from '../tools/tools.module.js';
import { TurnProcessor } from './turn.processor.js';
import { AssistantService } from './assistant.service.js';
import { DialogueService } from './dialogue.service.js';
import { LiveService } from './live.service.js';
import { PromptService } from './prompt.service.js';
import { ReplyService } from './reply.service.js';
import { TurnLimits } from './turn.watch.js';
import { TurnsService } from './turns.service.js';

// owns: turns
// woken by: job assistant.turn
// wakes: memory.summarise
// may import: tenancy, conversations, calls, memory, media, tools
@Module({
  imports: [TenancyModule, ConversationsModule, CallsModule, MemoryModule, MediaModule, ToolsModule],
  providers: [
    AssistantService, TurnsService, PromptService, ReplyService, LiveService, DialogueService, TurnLimits, TurnProcessor,
  ],
  exports: [AssistantService],
})
export class AssistantModule {}
