import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import type { ModelMessage } from '@throughline/llm/model.types.js';
import type { Aloud, Conversation, Message } from '../conversations/conversations.types.js';
import { MediaService } from '../media/media.service.js';
import type { Picture } from '../media/media.types.js';
import { MemoryService } from '../memory/memory.service.js';
import { RECALL_BUDGET_TOKENS, type Recall } from '../memory/memory.types.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { buildPrompt } from './prompt.js';
import { GROUND_RULES, SYSTEM_PROMPT } from './prompt.files.js';
import { TurnsService } from './turns.service.js';

/** Milliseconds of real time that an answer waits for what was attached to the question. */
const PATIENCE_MS = 5_000;
/** Each costs the model about as much as the rest of a prompt. */
const MOST_PICTURES = 4;

/** All that the model is shown: memory, the recent messages, and the pictures of the question that is open. */
@Injectable()
export class PromptService {
  constructor(
    private readonly clock: Clock,
    private readonly memory: MemoryService,
    private readonly media: MediaService,
    private readonly turns: TurnsService,
  ) {}

  /** @param aloud for a question that is asked on the phone */
  recall(conversation: Conversation, aloud?: Aloud): Promise<Recall> {
    return this.memory.recall(conversation.tenantId, conversation, RECALL_BUDGET_TOKENS, aloud);
  }

  /** The pictures that the customer sent since somebody last answered. None, where they cannot be had in time. */
  async pictures(tenantId: string, recall: Recall): Promise<Map<string, Picture[]>> {
    if (!recall.turns.some(hasPictures)) return new Map();
    const open = openQuestion(recall.turns, await this.turns.unanswered(tenantId, recall.turns)).filter(hasPictures);
    if (open.length === 0) return new Map();
    // The job that keeps them may be at it, or waiting for its next try. Doing it twice does no harm, answering blindly does.
    const fetched = Promise.allSettled(open.map(({ id }) => this.media.fetch(tenantId, id)));
    const patience = new AbortController();
    await Promise.race([fetched, delay(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
    patience.abort();
    return this.media.pictures(tenantId, open, MOST_PICTURES);
  }

  messages(conversation: Conversation, { name, settings }: Tenant, recall: Recall, pictures: Map<string, Picture[]>): ModelMessage[] {
    return buildPrompt({
      template: settings.assistant.prompts.system ?? SYSTEM_PROMPT,
      groundRules: GROUND_RULES,
      businessName: settings.businessName ?? name,
      assistantName: settings.assistant.name,
      now: this.clock.now(),
      timeZone: settings.timeZone,
      channel: conversation.replyChannel,
      recall,
      pictures,
    });
  }
}

const hasPictures = ({ direction, media }: Message): boolean => direction === 'inbound' && media.length > 0;

/** @param unanswered turns whose words were no answer: they said sorry, or called people */
function openQuestion(turns: readonly Message[], unanswered: ReadonlySet<string>): Message[] {
  const answered = turns.findLastIndex(({ direction, turnId }) => direction === 'outbound' && !(turnId && unanswered.has(turnId)));
  return turns.slice(answered + 1).filter(({ direction }) => direction === 'inbound');
}
