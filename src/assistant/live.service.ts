import { Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { reach } from '@throughline/kernel/points.js';
import { CallsService } from '../calls/calls.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Aloud, Conversation } from '../conversations/conversations.types.js';
import type { Recall } from '../memory/memory.types.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import type { Answered, Reply, Turn, TurnEnding } from './assistant.types.js';
import { DialogueService, spoken } from './dialogue.service.js';
import { ReplyService } from './reply.service.js';
import { type Speaker, Speech } from './speech.js';
import { isOfWriting, isWrittenOpen } from './standing.policy.js';
import { TurnsService } from './turns.service.js';

/** A question asked on the phone. Only one at a time in a call, and only by whoever speaks in it. */
export interface Asked {
  conversationSid: string;
  /** As it was when the question was heard, where that is known. Whether it still is so is asked before the first word. */
  conversation?: Conversation | undefined;
  aloud: Aloud;
  speaker: Speaker;
  /**
   * Ends the turn at once. Its reason `line_lost`: the caller will be back, and is answered then; `hung_up`: nobody listens any more; `closed`: one of these, or the
   * caller spoke: what was heard is settled by whoever learns that.
   */
  signal: AbortSignal;
}

/** Far enough back to find what a call has left open. */
const RECENT = 50;

/** A text that came during a call is answered in it, or soon after it, in milliseconds. */
const LOOK_AGAIN_MS = 3_000;

/** Answers on the phone: the same turn as in writing, said while it is thought of, with no queue in between. */
@Injectable()
export class LiveService {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly turns: TurnsService,
    private readonly replies: ReplyService,
    private readonly calls: CallsService,
    private readonly clock: Clock,
    /** The same for a model that hears and speaks by itself. */
    readonly dialogue: DialogueService,
  ) {}

  /** When to look again whether the person is still on the phone, where what they write is answered too. Null: they are not. */
  async waitsFor(tenantId: string, conversationSid: string): Promise<Date | null> {
    return (await this.calls.liveUntil(tenantId, conversationSid)) && this.clock.in(LOOK_AGAIN_MS);
  }

  /**
   * The call is over: nobody goes on with what was asked and thought of in it. What was written, before it or in it, and has no answer yet is answered in writing:
   * its own job goes on, or is there again where a turn of the call had taken it over.
   */
  async over(tenantId: string, conversationSid: string): Promise<void> {
    const conversation = await this.conversations.find(tenantId, conversationSid);
    if (!conversation) return;
    const [left, thread] = await Promise.all([this.turns.leftOver(tenantId, conversationSid), this.conversations.latest(tenantId, conversationSid, { limit: RECENT })]);
    const spoken = new Set(thread.filter(({ channel }) => channel === 'voice').map(({ seq }) => seq));
    for (const turn of left) if (spoken.has(turn.upToSeq)) await this.turns.end(turn, 'superseded');
    if (conversation.owner === 'assistant' && isWrittenOpen(thread)) await this.turns.reopen(conversation);
  }

  async answer(tenantId: string, asked: Asked): Promise<Answered> {
    const claimed = await this.dialogue.claim(tenantId, asked);
    if (typeof claimed === 'string') return claimed;
    const { turn, conversation, tenant, recall } = claimed;
    return this.think(turn, conversation, tenant, { ...asked, recall }).catch(async (error: unknown) => {
      await this.turns.release(turn, error);
      throw error;
    });
  }

  private async think(turn: Turn, conversation: Conversation, tenant: Tenant, asked: Asked & { recall: Promise<Recall> }): Promise<Answered> {
    const { aloud, signal, recall } = asked;
    const speech = this.speechOf(turn, asked);
    signal.addEventListener('abort', () => speech.hush(), { once: true });
    const reply = await this.replies.compose(turn, spoken(conversation, aloud), tenant, speech, { aloud, recall, signal, say: (line) => speech.line(line) });
    if (reply.thought.kind === 'reply' && !signal.aborted) speech.end(reply.thought.body);
    await reach('turn.answered');
    const hasSpoken = await speech.allowed();
    await this.noteSaid(turn, speech, signal);
    if (signal.reason === 'line_lost' || signal.reason === 'closed') {
      await this.turns.release(turn, 'the line broke');
      return 'broken_off';
    }
    const [answered, ending] = await this.endOf(turn, reply, { hasSpoken, proved: aloud.call.proved });
    if (ending === 'superseded' && (await isOfWriting(turn, recall))) await this.turns.release(turn, 'the caller hung up');
    else await this.turns.end(turn, ending, reply);
    return signal.aborted ? 'broken_off' : answered;
  }

  private async noteSaid({ tenantId, conversationSid }: Turn, { messageId, unsaid, words }: Speech, signal: AbortSignal): Promise<void> {
    if (messageId && signal.reason === 'hung_up') await this.conversations.aloud.settle(tenantId, conversationSid, messageId, words, 'heard');
    else if (messageId) await this.conversations.aloud.grow(tenantId, messageId, words);
    if (unsaid && signal.reason !== 'closed') await this.conversations.aloud.settle(tenantId, conversationSid, unsaid, words, signal.reason === 'line_lost' ? 'broken' : 'unheard');
  }

  private speechOf(turn: Turn, { conversationSid, aloud, speaker }: Asked): Speech {
    const { tenantId, id: turnId, epoch, upToSeq } = turn;
    return new Speech(speaker, async (body) => {
      // What the number's owner writes meanwhile is not for whoever only shows the number.
      const seen = aloud.call.proved ? upToSeq : Number.MAX_SAFE_INTEGER;
      const outcome = await this.conversations.say(tenantId, { conversationSid, turnId, epoch, upToSeq: seen, body, aloud });
      return outcome.outcome === 'said' ? outcome.messageId : null;
    });
  }

  private async endOf({ tenantId, conversationSid, id: turnId, epoch }: Turn, { thought }: Reply, { hasSpoken, proved }: { hasSpoken: boolean; proved: boolean }): Promise<[Answered, TurnEnding]> {
    const giveUp = (reason: string) => this.conversations.handOff(tenantId, { conversationSid, turnId, epoch, reason, closingLine: '', isUnproved: !proved, hasFailed: true });
    switch (thought.kind) {
      case 'reply':
        return hasSpoken ? ['said', 'said'] : ['broken_off', 'superseded'];
      case 'failed':
        await giveUp(`the model failed: ${thought.code}`);
        return ['failed', 'failed'];
      case 'switched_off':
        await giveUp('the assistant is switched off');
        return ['handed_off', 'handed_off'];
      case 'handed_off':
        return ['handed_off', 'handed_off'];
      case 'transferred':
        return ['transferred', 'said'];
      default:
        return ['broken_off', hasSpoken ? 'said' : 'superseded'];
    }
  }
}
