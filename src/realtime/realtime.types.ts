import type { RealtimeListener, RealtimeModel } from '@throughline/llm/realtime.js';
import type { RealtimeSettings } from '@throughline/llm/realtime.wire.js';
import type { AssistantService } from '../assistant/assistant.service.js';
import type { CallsService } from '../calls/calls.service.js';
import type { ConversationsService } from '../conversations/conversations.service.js';
import type { TenancyService } from '../tenancy/tenancy.service.js';
import type { VoiceService } from '../voice/voice.service.js';
import type { RecordedLines } from './recorded.lines.js';

/** What a socket asks of the house. */
export interface Rooms {
  tenancy: TenancyService;
  conversations: ConversationsService;
  calls: CallsService;
  assistant: AssistantService;
  voice: VoiceService;
  recorded: RecordedLines;
  /** A line to the model, which opens. */
  model(listener: RealtimeListener): RealtimeModel;
  /** It could not be had. */
  modelIsAway(): void;
  settings: Pick<RealtimeSettings, 'voice'> & { transcription: string };
}
