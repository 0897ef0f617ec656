import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { KnowledgeModule } from '../knowledge/knowledge.module.js';
import { MemoryModule } from '../memory/memory.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { OutboundModule } from '../outbound/outbound.module.js';
import { CallCustomerTool, NoMoreCallsTool, NoMoreTextsTool } from './calling.tools.js';
import { CurrentTimeTool } from './current-time.tool.js';
import { ForgetProcessor } from './forget.processor.js';
import { HandOffTool } from './hand-off.tool.js';
import { ForgetTool, KnownFactsTool, RememberTool } from './memory.tools.js';
import { OfferRepliesTool } from './offer-replies.tool.js';
import { RaiseEmergencyTool } from './raise-emergency.tool.js';
import { SearchKnowledgeTool } from './search-knowledge.tool.js';
import { TextCallerTool } from './text-caller.tool.js';
import { TOOLS, ToolRegistry } from './tool.registry.js';
import { ToolsService } from './tools.service.js';
import type { Tool } from './tools.types.js';
import { TriageModule } from '../triage/triage.module.js';
import { TransferModule } from '../transfer/transfer.module.js';
import { TakeMessageTool, TransferTool } from './transfer.tools.js';
import { WithdrawConsentTool } from './withdraw-consent.tool.js';

/** All the assistant can do besides talking. A new tool is one class and one line here. */
const tools = [
  RaiseEmergencyTool, HandOffTool, OfferRepliesTool, RememberTool, KnownFactsTool, ForgetTool, SearchKnowledgeTool, CurrentTimeTool, WithdrawConsentTool,
  TextCallerTool, TransferTool, TakeMessageTool, CallCustomerTool, NoMoreCallsTool, NoMoreTextsTool,
];

// owns: tool_calls
// woken by: job tools.forget
// wakes: nothing
// may import: tenancy, conversations, memory, knowledge, transfer, outbound, triage
@Module({
  imports: [TenancyModule, ConversationsModule, MemoryModule, KnowledgeModule, TransferModule, OutboundModule, TriageModule],
  providers: [
    ...tools, { provide: TOOLS, inject: tools, useFactory: (...all: Tool[]) => all },
    ToolRegistry, ToolsService, ForgetProcessor,
  ],
  exports: [ToolsService],
})
export class ToolsModule {}
