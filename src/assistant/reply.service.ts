import { Injectable } from '@nestjs/common';
import { HubError } from '@throughline/kernel/errors.js';
import { ModelClient } from '@throughline/llm/client.js';
import type { ModelAnswer, ModelMessage, ModelUsage } from '@throughline/llm/model.types.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Aloud, Conversation, Message } from '../conversations/conversations.types.js';
import type { Recall } from '../memory/memory.types.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import type { Reply, Thought, Turn } from './assistant.types.js';
import { sayable } from '@throughline/llm/guardrails.js';
import { type Audience, Draft } from './draft.js';
import { PromptService } from './prompt.service.js';
import { standingOf } from './standing.policy.js';
import { dressed, styleOf } from './style.policy.js';
import { ToolsService, type Used } from '../tools/tools.service.js';
import type { Ended, ToolContext } from '../tools/tools.types.js';
import { hasTheWord, TurnLimits, TurnWatch } from './turn.watch.js';

/** Reasoning models think within this limit too, so it is wide; what is said has a limit of its own. */
const LONGEST_ANSWER_TOKENS = 4_000;
/** Nobody listens for longer than a few minutes; a reasoning model has to think within it too. */
const LONGEST_SPOKEN_TOKENS = 2_000;
/** In characters, as long as the longest mail anybody reads to its end. A model that says more is rambling. */
const LONGEST_REPLY = 4_000;

/** What a tool wants said, with the replies that it suggests. */
type Offer = Extract<Used, { reply: unknown }>['reply'];

/** The turn is said into a call while it is thought of. */
export interface Live {
  aloud: Aloud;
  /** What is remembered: looked up already, because somebody listens. */
  recall: Promise<Recall>;
  /** The caller speaks, or is gone. */
  signal: AbortSignal;
  /** Says a line of the house's own behind what was said before. */
  say: (line: string) => Promise<void>;
}

interface Talk {
  live: Live | undefined;
  messages: ModelMessage[];
  context: Omit<ToolContext, 'words'>;
  /** What the person said last. */
  newest: Message | undefined;
  watch: TurnWatch;
  draft: Audience;
  usage: ModelUsage;
}

/** Thinks of the reply of a turn: memory, prompt, model, tools. No transaction is open meanwhile. */
@Injectable()
export class ReplyService {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly prompts: PromptService,
    private readonly model: ModelClient,
    private readonly tools: ToolsService,
    private readonly limits: TurnLimits,
  ) {}

  /** What the customer is shown of a turn before it is over. Only a page shows words that are not whole yet, and only to who may be written to. */
  async draftOf({ id, tenantId }: Turn, conversation: Conversation, tenant: Tenant): Promise<Draft> {
    const { replyChannel: channel, replyAddress: address } = conversation;
    const isShown = channel === 'chat' && address && (await this.conversations.mayAnswer(conversation));
    return new Draft(isShown ? { tenantId, channel, address } : null, id, tenant.settings.assistant.name, (text) => dressed(sayable(text), channel).slice(0, LONGEST_REPLY));
  }

  async compose(turn: Turn, conversation: Conversation, tenant: Tenant, draft: Audience, live?: Live): Promise<Reply> {
    const recall = await (live?.recall ?? this.prompts.recall(conversation));
    const usage = { inputTokens: 0, outputTokens: 0 };
    const standing = standingOf(turn, recall.turns);
    if (standing !== 'open') return { thought: { kind: standing }, usage, summaryDue: recall.summaryDue };
    if (!tenant.settings.assistant.enabled) return { thought: { kind: 'switched_off' }, usage, summaryDue: false };
    const watch = new TurnWatch(() => (live ? this.isOurs(turn) : this.isCurrent(turn)), live ? { ...this.limits, wholeMs: this.limits.liveMs } : this.limits, live?.signal);
    draft.begin();
    const newest = recall.turns.findLast((message) => message.seq === turn.upToSeq);
    const context = {
      turn, tenant, conversation, newestMessageId: newest?.id ?? null, isKnown: recall.isKnown, goesOn: () => watch.goesOn(),
      aloud: live && { ...live.aloud, say: live.say },
    };
    try {
      const pictures = await this.prompts.pictures(turn.tenantId, recall);
      const talk = (seen: typeof pictures): Promise<Thought> => {
        const messages = this.prompts.messages(conversation, tenant, recall, seen);
        return this.talk({ messages, context, newest, watch, draft, usage, live }).catch((error: unknown) => {
          if (seen.size > 0 && isRefused(error) && !messages.some(isToolResult)) return talk(new Map());
          throw error;
        });
      };
      const thought = await talk(pictures).catch((error: unknown) => failed(error, watch));
      return { thought, usage, summaryDue: recall.summaryDue };
    } finally {
      watch.stop();
    }
  }

  /** Whether this turn is still the one to answer. */
  async isCurrent(turn: Turn): Promise<boolean> {
    const conversation = await this.conversations.find(turn.tenantId, turn.conversationSid);
    return conversation !== null && conversation.owner === 'assistant' && conversation.epoch === turn.epoch
      && conversation.lastInboundSeq === turn.upToSeq;
  }

  private async isOurs(turn: Turn): Promise<boolean> {
    return hasTheWord(turn, await this.conversations.find(turn.tenantId, turn.conversationSid));
  }

  private async talk(talk: Talk): Promise<Thought> {
    const granted = await this.grant(talk);
    if (granted) return { kind: granted };
    let words = '';
    for (let round = 0; round <= this.limits.toolRounds; round++) {
      const answer = await this.ask(talk, round < this.limits.toolRounds);
      if (answer.finishReason === 'length') return { kind: 'failed', code: 'model_rambled' };
      if (answer.finishReason === 'content_filter') return { kind: 'failed', code: 'model_refused' };
      words = this.worded(talk, answer) || words;
      if (answer.toolCalls.length === 0) return replyOf(await this.fitting(talk, words));
      const ended = await this.useTools(talk, answer, words);
      if (typeof ended === 'string') return { kind: ended };
      if (ended) return this.offering(talk, ended);
    }
    return { kind: 'failed', code: 'model_never_answered' };
  }

  /** Some wishes need no thought. What comes of one is for the model to say, where it does not end the turn. */
  private async grant(talk: Talk): Promise<Ended | null> {
    const call = talk.newest && await this.tools.wishIn(talk.context.tenant, talk.newest);
    const ended = call && await this.useTools(talk, { text: '', toolCalls: [call] }, '');
    return typeof ended === 'string' ? ended : null;
  }

  private async offering(talk: Talk, { body, buttons }: Offer): Promise<Thought> {
    const said = replyOf(await this.fitting(talk, dressed(body, talk.context.conversation.replyChannel)));
    return said.kind === 'reply' ? { ...said, buttons } : said;
  }

  private worded({ context }: Talk, { text }: ModelAnswer): string {
    return dressed(sayable(text), context.conversation.replyChannel);
  }

  /** What is too long for the channel is asked for once more, shorter. When that comes to nothing, long words are better than none. */
  private async fitting(talk: Talk, words: string): Promise<string> {
    const { longest } = styleOf(talk.context.conversation.replyChannel);
    // What was said aloud cannot be taken back.
    if (words.length <= longest || talk.live) return words;
    const wish = `Your answer was not sent: it has ${words.length} characters, and this channel takes ${longest}. Say it shorter: what matters most, and offer the rest.`;
    const messages: ModelMessage[] = [...talk.messages, { role: 'assistant', content: words }, { role: 'system', content: wish }];
    try {
      const answer = await this.ask({ ...talk, messages }, false);
      const shorter = this.worded(talk, answer);
      return answer.finishReason === 'stop' && shorter && shorter.length < words.length ? shorter : words;
    } catch (error) {
      if (talk.watch.stopped || !(error instanceof HubError)) throw error;
      return words;
    }
  }

  private async ask({ messages, watch, draft, usage, live }: Talk, withTools: boolean): Promise<ModelAnswer> {
    draft.anew();
    const answer = await this.model.complete({
      messages,
      ...(withTools ? { tools: live ? this.tools.spokenSpecs : this.tools.specs } : {}),
      maxOutputTokens: live ? LONGEST_SPOKEN_TOKENS : LONGEST_ANSWER_TOKENS,
      signal: watch.signal,
    }, (text) => {
      if (!watch.stopped) draft.grow(text);
    });
    usage.inputTokens += answer.usage?.inputTokens ?? 0;
    usage.outputTokens += answer.usage?.outputTokens ?? 0;
    return answer;
  }

  /** One after the other, in the model's order; each result goes back to the model. */
  private async useTools({ messages, context, watch }: Talk, answer: Pick<ModelAnswer, 'text' | 'toolCalls'>, words: string): Promise<Ended | Offer | null> {
    messages.push({ role: 'assistant', content: answer.text, toolCalls: answer.toolCalls });
    for (const call of answer.toolCalls) {
      if (!(await watch.goesOn())) return watch.stopped === 'too_long' ? outOfTime() : 'stale';
      const used: Used = await this.tools.use({ ...context, words }, call);
      if ('ended' in used) return used.ended;
      if ('reply' in used) return used.reply;
      messages.push({ role: 'tool', toolCallId: call.id, content: used.report });
    }
    return null;
  }
}

/** A model that has no eyes refuses the whole request. */
const isRefused = (error: unknown): boolean => error instanceof HubError && error.code === 'model_refused';

/** A model that used a tool saw the pictures and answered. What the tool did is not to be done again. */
const isToolResult = ({ role }: ModelMessage): boolean => role === 'tool';

function replyOf(words: string): Thought {
  if (!words) return { kind: 'failed', code: 'model_said_nothing' };
  return words.length > LONGEST_REPLY ? { kind: 'failed', code: 'model_rambled' } : { kind: 'reply', body: words };
}

const outOfTime = (): never => {
  throw new HubError('unavailable', 'turn_too_long', 'The turn took longer than its limit.');
};

/** What the watch did is the reason; the model's own failures end the turn honestly; all else is for another attempt. */
function failed(error: unknown, watch: TurnWatch): Thought {
  if (watch.stopped === 'stale') return { kind: 'stale' };
  if (watch.stopped === 'too_long') return { kind: 'failed', code: 'turn_too_long' };
  if (error instanceof HubError && error.code.startsWith('model_')) return { kind: 'failed', code: error.code };
  throw error;
}
