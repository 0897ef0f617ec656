import { sayable, storable } from '@throughline/llm/guardrails.js';
import type { ModelUsage, ToolCall } from '@throughline/llm/model.types.js';
import type { ConversationsService } from '../conversations/conversations.service.js';
import type { ToolsService } from '../tools/tools.service.js';
import type { Ended, ToolContext } from '../tools/tools.types.js';
import type { Claimed, Posed, TurnEnding } from './assistant.types.js';
import { isOfWriting } from './standing.policy.js';
import { hasTheWord, type TurnLimits, TurnWatch } from './turn.watch.js';
import type { TurnsService } from './turns.service.js';

export interface TurnParts {
  conversations: ConversationsService;
  turns: TurnsService;
  tools: ToolsService;
  limits: TurnLimits;
}

/** One answer of a model that speaks by itself. */
export class DialogueTurn {
  private readonly watch: TurnWatch;
  private readonly usage: ModelUsage = { inputTokens: 0, outputTokens: 0 };
  private hasSpoken = false;
  private isOver = false;

  constructor(private readonly parts: TurnParts, private readonly claimed: Claimed, private readonly posed: Posed) {
    const { turn } = claimed;
    const isOurs = async (): Promise<boolean> => hasTheWord(turn, await parts.conversations.find(turn.tenantId, turn.conversationSid));
    this.watch = new TurnWatch(isOurs, { ...parts.limits, wholeMs: parts.limits.liveMs }, posed.signal);
  }

  /** Aborts when nobody wants the answer any more, or it takes too long. */
  get signal(): AbortSignal {
    return this.watch.signal;
  }

  /** The line broke: what was asked is answered later. */
  get isBroken(): boolean {
    return this.posed.signal.reason === 'line_lost';
  }

  get isTooLong(): boolean {
    return this.watch.stopped === 'too_long';
  }

  /** Rounds in which the model may use tools, before it has to answer. */
  get rounds(): number {
    return this.parts.limits.toolRounds;
  }

  /**
   * Asks the record whether the assistant may speak now, and notes what it begins with. Before that not a sound is heard.
   *
   * @returns the message's id; null when it may not
   */
  async begin(words: string): Promise<string | null> {
    const { turn: { tenantId, conversationSid, id: turnId, epoch, upToSeq } } = this.claimed;
    const { aloud } = this.posed;
    // What the number's owner writes meanwhile is not for whoever only shows the number.
    const seen = aloud.call.proved ? upToSeq : Number.MAX_SAFE_INTEGER;
    const outcome = await this.parts.conversations.say(tenantId, { conversationSid, turnId, epoch, upToSeq: seen, body: storable(words), aloud });
    this.hasSpoken ||= outcome.outcome === 'said';
    return outcome.outcome === 'said' ? outcome.messageId : null;
  }

  /** More of it is said. What a crash leaves behind is what was noted last. */
  note(messageId: string, words: string): Promise<void> {
    return this.parts.conversations.aloud.grow(this.claimed.turn.tenantId, messageId, storable(words));
  }

  /** The tool that what was asked names by itself. */
  async wish(): Promise<ToolCall | null> {
    const { turn, tenant } = this.claimed;
    const newest = (await this.claimed.recall).turns.findLast(({ seq }) => seq === turn.upToSeq);
    return newest ? this.parts.tools.wishIn(tenant, newest) : null;
  }

  /** @param words what the model said beside it @returns what the model is told, or that there is nothing more to tell it */
  async use(call: ToolCall, words: string): Promise<{ report: string } | { ended: Ended }> {
    if (!(await this.watch.goesOn())) return { ended: 'stale' };
    const recall = await this.claimed.recall;
    const { turn, tenant, conversation } = this.claimed;
    const context: ToolContext = {
      turn, tenant, conversation, isKnown: recall.isKnown, words: sayable(words), goesOn: () => this.watch.goesOn(),
      newestMessageId: recall.turns.findLast(({ seq }) => seq === turn.upToSeq)?.id ?? null, aloud: { ...this.posed.aloud, say: this.posed.say },
    };
    const used = await this.parts.tools.use(context, call);
    return 'reply' in used ? { report: used.reply.body } : used;
  }

  noteUsage({ inputTokens, outputTokens }: ModelUsage): void {
    this.usage.inputTokens += inputTokens;
    this.usage.outputTokens += outputTokens;
  }

  /** Once; whatever comes later changes nothing. */
  async end(ending: Exclude<TurnEnding, 'failed'> | 'broken_off'): Promise<void> {
    if (this.isOver) return;
    this.isOver = true;
    this.watch.stop();
    if (ending === 'broken_off' && (this.isTooLong || this.isBroken)) return this.parts.turns.release(this.claimed.turn, this.isTooLong ? 'it took too long' : 'the line broke');
    const state = ending === 'broken_off' ? (this.hasSpoken ? 'said' : 'superseded') : ending;
    if (state === 'superseded' && (await isOfWriting(this.claimed.turn, this.claimed.recall))) return this.parts.turns.release(this.claimed.turn, 'the caller hung up');
    const summaryDue = await this.claimed.recall.then((recall) => recall.summaryDue, () => false);
    await this.parts.turns.end(this.claimed.turn, state, { thought: { kind: 'stale' }, usage: this.usage, summaryDue: summaryDue && state === 'said' });
  }

  /** The answer did not come: the question stays open, for somebody else who answers. */
  async giveBack(why: string): Promise<void> {
    if (this.isOver) return;
    this.isOver = true;
    this.watch.stop();
    await this.parts.turns.release(this.claimed.turn, why);
  }
}
