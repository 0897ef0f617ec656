import type { AssistantService } from '../assistant/assistant.service.js';
import type { CallsService } from '../calls/calls.service.js';
import type { Call } from '../calls/calls.types.js';
import type { ConversationsService } from '../conversations/conversations.service.js';
import type { Aloud } from '../conversations/conversations.types.js';
import type { TenancyService } from '../tenancy/tenancy.service.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import type { VoiceLimits } from './voice.limits.js';
import type { VoiceService } from './voice.service.js';

/** What a socket asks of the house. */
export interface Rooms {
  tenancy: TenancyService;
  conversations: ConversationsService;
  calls: CallsService;
  assistant: AssistantService;
  voice: VoiceService;
  limits: VoiceLimits;
  /** Looks now whether something has changed for a call. */
  look(): Promise<void>;
}

/** All that is needed of a call once it is known whose it is. */
export interface Line {
  tenant: Tenant;
  call: Call & { session: string };
  conversationSid: string;
  aloud: Aloud;
  /** How far the thread was when it was last looked whether there is news of a specialist. */
  newsSeq?: number;
}
