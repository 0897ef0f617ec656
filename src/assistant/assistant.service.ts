import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { reach } from '@throughline/kernel/points.js';
import type { JobPayload } from '@throughline/queues/job-catalog.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Conversation, SayOutcome } from '../conversations/conversations.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import type { Reply, Turn, TurnEnding } from './assistant.types.js';
import { LiveService } from './live.service.js';
import { ReplyService } from './reply.service.js';
import { ToolsService } from '../tools/tools.service.js';
import { TurnsService } from './turns.service.js';

/** Attempts that may die or break before the customer is told that nothing will come of it. */
const MOST_ATTEMPTS = 3;

const NOT_TRIED: Reply = {
  thought: { kind: 'failed', code: 'turn_kept_failing' }, usage: { inputTokens: 0, outputTokens: 0 }, summaryDue: false,
};

/** Answers customers: one reply to everything that is open, or one honest line and a hand-off. Switched off, it only hands off. */
@Injectable()
export class AssistantService {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly tenancy: TenancyService,
    private readonly turns: TurnsService,
    private readonly replies: ReplyService,
    private readonly tools: ToolsService,
    /** The same on the phone. */
    readonly live: LiveService,
  ) {}

  /** Every turn and every call of a tool in a conversation, oldest first. */
  async everythingIn(tx: Tx, conversationSid: string): Promise<{ turns: Record<string, unknown>[]; toolCalls: Record<string, unknown>[] }> {
    const [turns, toolCalls] = await Promise.all([this.turns.everythingIn(tx, conversationSid), this.tools.everythingIn(tx, conversationSid)]);
    return { turns, toolCalls };
  }

  /** That there were turns and calls stays, nothing of what they were about. Twice is once. @returns also how many turns are being thought of */
  async erase(tx: Tx, conversationSid: string): Promise<{ counts: Record<string, number>; underWay: number }> {
    const { erased, underWay } = await this.turns.erase(tx, conversationSid);
    return { counts: { turns: erased, toolCalls: await this.tools.erase(tx, conversationSid, null) }, underWay };
  }

  /** The same for calls of tools from before. */
  purge(tx: Tx, conversationSid: string, before: Date): Promise<number> {
    return this.tools.erase(tx, conversationSid, before);
  }

  /** Does nothing when somebody else owns the conversation, or when a newer message has a turn of its own. */
  async takeTurn(tenantId: string, { conversationSid, upToSeq }: JobPayload<'assistant.turn'>): Promise<JobOutcome> {
    const [conversation, tenant, onThePhone] = await Promise.all([
      this.conversations.find(tenantId, conversationSid), this.tenancy.tenant(tenantId), this.live.waitsFor(tenantId, conversationSid),
    ]);
    if (!conversation || upToSeq < 1) return;
    const wanted = conversation.owner === 'assistant' && conversation.lastInboundSeq === upToSeq;
    if (!wanted) return this.settle(conversation, upToSeq);
    if (onThePhone) return { again: onThePhone };
    const claim = await this.turns.claim(conversation, upToSeq);
    if (claim.outcome === 'over') return;
    if (claim.outcome === 'taken') return { again: claim.until };
    await reach('turn.claimed');
    if (await this.wasSaidBefore(claim.turn)) return this.turns.end(claim.turn, 'superseded');
    await this.think(claim.turn, conversation, tenant).catch(async (error: unknown) => {
      await this.turns.release(claim.turn, error);
      throw error;
    });
  }

  private async think(turn: Turn, conversation: Conversation, tenant: Tenant): Promise<void> {
    const hopeless = turn.attempt > MOST_ATTEMPTS && tenant.settings.assistant.enabled;
    const draft = await this.replies.draftOf(turn, conversation, tenant);
    let ending: TurnEnding = 'superseded';
    try {
      const reply = hopeless ? NOT_TRIED : await this.replies.compose(turn, conversation, tenant, draft);
      await reach('turn.answered');
      ending = await this.speak(turn, tenant, reply);
      await this.turns.end(turn, ending, reply);
    } finally {
      draft.end(ending !== 'superseded');
    }
  }

  /** Says what there is to say; answers how the turn ends. */
  private async speak(turn: Turn, tenant: Tenant, { thought }: Reply): Promise<TurnEnding> {
    const { tenantId, conversationSid, id: turnId, epoch, upToSeq } = turn;
    const ours = { conversationSid, turnId, epoch };
    switch (thought.kind) {
      case 'reply':
        return this.endingOf(turn, 'said', await this.conversations.say(tenantId, { ...ours, body: thought.body, buttons: thought.buttons, upToSeq }));
      case 'failed': {
        // With a newer message the next turn has everything; it may have more luck.
        if (!(await this.replies.isCurrent(turn))) return this.endOfLost(turn);
        const closingLine = tenant.settings.assistant.apology;
        const reason = `the model failed: ${thought.code}`;
        return this.endingOf(turn, 'failed', await this.conversations.handOff(tenantId, { ...ours, reason, closingLine, hasFailed: true }));
      }
      case 'switched_off': {
        const reason = 'the assistant is switched off';
        return this.endingOf(turn, 'handed_off', await this.conversations.handOff(tenantId, { ...ours, reason, closingLine: '', isUnproved: false, hasFailed: true }));
      }
      case 'said_before':
      case 'stale':
        return this.endOfLost(turn);
      case 'handed_off':
        return 'handed_off';
      case 'withdrawn':
      case 'transferred':
        return 'said';
    }
  }

  private async endingOf(turn: Turn, ending: TurnEnding, outcome: SayOutcome): Promise<TurnEnding> {
    if (outcome.outcome === 'said') return ending;
    return outcome.why === 'already_said' ? this.endOfLost(turn) : 'superseded';
  }

  /** Whether a process died between saying the answer and noting it, before somebody looked in and gave the word back. */
  private async wasSaidBefore(turn: Turn): Promise<boolean> {
    const endings: TurnEnding[] = [];
    for (const earlier of await this.turns.before(turn)) {
      endings.push(await this.endOfLost(earlier));
      await this.turns.end(earlier, endings.at(-1)!);
    }
    return endings.includes('said');
  }

  /** A turn that nobody waits for any more, but whose process may have died over it. */
  private async settle({ tenantId, conversationSid }: Conversation, upToSeq: number): Promise<JobOutcome> {
    const left = await this.turns.leftBehind(tenantId, conversationSid, upToSeq);
    if (left.outcome === 'taken') return { again: left.until };
    if (left.outcome === 'claimed') await this.turns.end(left.turn, await this.endOfLost(left.turn));
  }

  /** How a turn ended whose process could not note it down: the thread knows. */
  private async endOfLost({ id, tenantId, conversationSid, epoch }: Turn): Promise<TurnEnding> {
    const [thread, conversation] = await Promise.all([
      this.conversations.latest(tenantId, conversationSid, { limit: RECENT }), this.conversations.find(tenantId, conversationSid),
    ]);
    if (!thread.some((message) => message.turnId === id)) return 'superseded';
    const handedOff = conversation?.owner === 'queued' && conversation.epoch === epoch + 1;
    return handedOff ? 'handed_off' : 'said';
  }
}

/** Far enough back to find a turn's own words, which are among the newest. */
const RECENT = 50;
