import { Module } from '@nestjs/common';
import { AssistantModule } from '../assistant/assistant.module.js';
import { CallbackModule } from '../callback/callback.module.js';
import { CallsModule } from '../calls/calls.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { MediaModule } from '../media/media.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { TransferModule } from '../transfer/transfer.module.js';
import { GatherService } from './gather.service.js';
import { LobbyService } from './lobby.service.js';
import { Lookout } from './lookout.js';
import { Transcripts } from './transcripts.js';
import { TwilioCalls } from './twilio.calls.js';
import { VoiceController } from './voice.controller.js';
import { VoiceGateway } from './voice.gateway.js';
import { VoiceLimits } from './voice.limits.js';
import { OverProcessor, VoicemailProcessor } from './voice.processors.js';
import { VoicemailService } from './voicemail.service.js';
import { VoiceService } from './voice.service.js';

// owns: nothing
// woken by: /webhooks/twilio/voice, WS /voice, calls.voicemail, calls.over
// wakes: nothing
// may import: tenancy, conversations, calls, media, delivery, transfer, callback, assistant
@Module({
  imports: [TenancyModule, ConversationsModule, CallsModule, MediaModule, DeliveryModule, TransferModule, CallbackModule, AssistantModule],
  controllers: [VoiceController],
  providers: [VoiceService, LobbyService, Lookout, VoiceGateway, GatherService, VoicemailService, VoicemailProcessor, OverProcessor, Transcripts, TwilioCalls, VoiceLimits],
  exports: [VoiceService],
})
export class VoiceModule {}
