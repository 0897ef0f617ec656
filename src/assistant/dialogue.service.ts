import { Injectable } from '@nestjs/common';
import { reach } from '@throughline/kernel/points.js';
import type { ModelMessage } from '@throughline/llm/model.types.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Aloud, Conversation, Message } from '../conversations/conversations.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { ToolsService } from '../tools/tools.service.js';
import type { Answered, Brief, Claimed, Posed } from './assistant.types.js';
import { DialogueTurn } from './dialogue.turn.js';
import { PromptService } from './prompt.service.js';
import { TurnLimits } from './turn.watch.js';
import { TurnsService } from './turns.service.js';

/** Messages among which the caller's last words are. */
const RECENT = 50;

/**
 * For a model that hears and speaks by itself. It is given what a written answer is made of, and each of its answers is a turn: claimed, allowed by the record
 * before a sound of it is heard, with the same tools under the same audit.
 */
@Injectable()
export class DialogueService {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly tenancy: TenancyService,
    private readonly turns: TurnsService,
    private readonly prompts: PromptService,
    private readonly tools: ToolsService,
    private readonly limits: TurnLimits,
  ) {}

  /** @returns null where the conversation is gone */
  async brief(tenantId: string, conversationSid: string, aloud: Aloud): Promise<Brief | null> {
    const [conversation, tenant] = await Promise.all([this.conversations.find(tenantId, conversationSid), this.tenancy.tenant(tenantId)]);
    if (!conversation) return null;
    const view = spoken(conversation, aloud);
    const recall = await this.prompts.recall(view, aloud);
    const [system, ...history] = this.prompts.messages(view, tenant, recall, new Map());
    return { instructions: system!.content, history, tools: this.tools.spokenSpecs, upToSeq: recall.turns.at(-1)?.seq ?? 0 };
  }

  /** What came into the thread behind `afterSeq` that is no part of this call: texts, notes. As a model is shown it. */
  async beside(tenantId: string, conversationSid: string, aloud: Aloud, afterSeq: number): Promise<{ messages: ModelMessage[]; upToSeq: number }> {
    const [conversation, tenant] = await Promise.all([this.conversations.find(tenantId, conversationSid), this.tenancy.tenant(tenantId)]);
    if (!conversation) return { messages: [], upToSeq: afterSeq };
    const view = spoken(conversation, aloud);
    const recall = await this.prompts.recall(view, aloud);
    const news = recall.turns.filter(({ seq, details }) => seq > afterSeq && details?.call?.sid !== aloud.call.sid);
    const [, ...messages] = this.prompts.messages(view, tenant, { ...recall, turns: news }, new Map());
    return { messages, upToSeq: recall.turns.at(-1)?.seq ?? afterSeq };
  }

  /** Begins the answer to all that is open. `over`: nothing is; `not_ours`: people have the word. */
  async open(tenantId: string, posed: Posed): Promise<DialogueTurn | 'over' | 'not_ours'> {
    const claimed = await this.claim(tenantId, posed);
    if (typeof claimed === 'string') return claimed;
    const { conversation } = claimed;
    const parts = { conversations: this.conversations, turns: this.turns, tools: this.tools, limits: this.limits };
    return new DialogueTurn(parts, { ...claimed, conversation: spoken(conversation, posed.aloud) }, posed);
  }

  /** Claims the turn of all that is open in a call. */
  async claim(tenantId: string, asked: Pick<Posed, 'conversationSid' | 'conversation' | 'aloud' | 'signal'>): Promise<Claimed | Extract<Answered, 'over' | 'not_ours'>> {
    const [conversation, tenant] = await Promise.all([asked.conversation ?? this.conversations.find(tenantId, asked.conversationSid), this.tenancy.tenant(tenantId)]);
    if (!conversation) return 'over';
    if (conversation.owner !== 'assistant') return 'not_ours';
    const upToSeq = await this.newestOf(conversation, asked.aloud);
    if (upToSeq < 1 || asked.signal.aborted) return 'over';
    // Nobody listens to a turn that is not ours: what is remembered may be looked up while it is claimed.
    const recall = this.prompts.recall(conversation, asked.aloud);
    recall.catch(() => undefined);
    const claim = await this.turns.claim(conversation, upToSeq, true);
    if (claim.outcome !== 'claimed') return 'over';
    await reach('turn.claimed');
    return { turn: claim.turn, conversation, tenant, recall };
  }

  /** What is to be answered: all that is open; in a call that is not proved nothing but what was said in it, because it is shown nothing else. */
  private async newestOf({ tenantId, conversationSid, lastInboundSeq }: Conversation, { call }: Aloud): Promise<number> {
    if (call.proved) return lastInboundSeq;
    const thread = await this.conversations.latest(tenantId, conversationSid, { limit: RECENT });
    return thread.findLast((message: Message) => message.direction === 'inbound' && message.details?.call?.sid === call.sid)?.seq ?? 0;
  }
}

/** The conversation, where it is answered on the phone. */
export const spoken = (conversation: Conversation, { address, sender }: Aloud): Conversation =>
  ({ ...conversation, replyChannel: 'voice', replyAddress: address, replySender: sender });
