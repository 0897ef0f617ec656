import { Module } from '@nestjs/common';
import { AssistantModule } from '../assistant/assistant.module.js';
import { CallsModule } from '../calls/calls.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { VoiceModule } from '../voice/voice.module.js';
import { RealtimeService } from './realtime.service.js';

// owns: nothing
// woken by: WS /voice/media, by way of voice
// wakes: nothing
// may import: tenancy, conversations, calls, assistant, voice
@Module({
  imports: [TenancyModule, ConversationsModule, CallsModule, AssistantModule, VoiceModule],
  providers: [RealtimeService],
})
export class RealtimeModule {}
