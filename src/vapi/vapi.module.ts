import { Module } from '@nestjs/common';
import { VapiClient } from '@throughline/vapi/client.js';
import { AppConfig } from '../app.config.js';
import { AssistantModule } from '../assistant/assistant.module.js';
import { CallsModule } from '../calls/calls.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { VoiceModule } from '../voice/voice.module.js';
import { BindingsService } from './bindings.service.js';
import { ClosingService } from './closing.service.js';
import { CompletionsService } from './completions.service.js';
import { EngineService } from './engine.service.js';
import { LinesService } from './lines.service.js';
import { VapiController } from './vapi.controller.js';
import { CloseProcessor } from './vapi.processors.js';
import { VapiService } from './vapi.service.js';

// owns: vapi_calls
// woken by: /webhooks/vapi, /vapi/chat/completions, vapi.close, and by voice for who comes to it
// wakes: vapi.close, calls.over
// may import: tenancy, conversations, calls, assistant, voice
@Module({
  imports: [TenancyModule, ConversationsModule, CallsModule, AssistantModule, VoiceModule],
  controllers: [VapiController],
  providers: [
    VapiService, EngineService, BindingsService, CompletionsService, ClosingService, LinesService, CloseProcessor,
    { provide: VapiClient, inject: [AppConfig], useFactory: ({ vapi }: AppConfig) => new VapiClient(vapi) },
  ],
})
export class VapiModule {}
