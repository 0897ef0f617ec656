import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { describe } from '@throughline/kernel/errors.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { AppConfig } from '../app.config.js';
import type { Conversation } from '../conversations/conversations.types.js';
import type { Claim, Reply, Turn, TurnEnding } from './assistant.types.js';
import { type TurnEnd, TurnsRepository } from './turns.repository.js';

/** Longer than the longest turn (60 s) and its words need, so that only a process that died loses its turn. */
const LEASE_MS = 90_000;

/** Who works on which turn, and how it ended. */
@Injectable()
export class TurnsService {
  private readonly log = new Logger('Turns');
  private readonly turns = new TurnsRepository();

  constructor(
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly config: AppConfig,
  ) {}

  /** @param isAlone nobody else can be at it: a call has one who speaks, and whoever spoke before is gone */
  async claim(conversation: Conversation, upToSeq: number, isAlone = false): Promise<Claim> {
    const { tenantId, conversationSid, epoch } = conversation;
    const now = this.clock.now();
    const wanted = { id: uuidv7(now.getTime()), conversationSid, upToSeq, epoch };
    // A claim lost to a power cut costs a second thought, never a second reply: what is said is unique by turn.
    return this.database.note(tenantId, async (tx): Promise<Claim> => {
      const turn = await this.turns.claim(tx, wanted, { now, leaseUntil: this.clock.in(LEASE_MS), isAlone });
      if (turn) return { outcome: 'claimed', turn };
      const running = await this.turns.running(tx, conversationSid, upToSeq);
      return running ? { outcome: 'taken', until: running.leaseUntil } : { outcome: 'over' };
    });
  }

  /** The turn that a process left behind, or until when one is at it. */
  async leftBehind(tenantId: string, conversationSid: string, upToSeq: number): Promise<Claim> {
    const running = await this.database.transaction(tenantId, (tx) => this.turns.running(tx, conversationSid, upToSeq));
    if (!running) return { outcome: 'over' };
    if (running.leaseUntil > this.clock.now()) return { outcome: 'taken', until: running.leaseUntil };
    return { outcome: 'claimed', turn: running };
  }

  /** Turns in a conversation that nobody is at any more. */
  leftOver(tenantId: string, conversationSid: string): Promise<Turn[]> {
    return this.database.transaction(tenantId, (tx) => this.turns.leftOver(tx, conversationSid));
  }

  /** The newest question is asked once more, where its turn had ended without a word. Whoever was at that turn can end it no more. Twice is once. */
  async reopen({ tenantId, conversationSid, lastInboundSeq, epoch }: Conversation): Promise<void> {
    await this.database.transaction(tenantId, async (tx) => {
      if (!(await this.turns.reopen(tx, { conversationSid, upToSeq: lastInboundSeq, epoch }, this.clock.now()))) return;
      this.outbox.enqueue(tx, { name: 'assistant.turn', payload: { conversationSid, upToSeq: lastInboundSeq } });
    });
  }

  /** Turns about the same question, from before somebody else had the word, that nobody has ended. */
  async before({ tenantId, conversationSid, upToSeq, epoch }: Turn): Promise<Turn[]> {
    if (epoch === 0) return [];
    return this.database.transaction(tenantId, (tx) => this.turns.runningBefore(tx, conversationSid, upToSeq, epoch));
  }

  async end(turn: Turn, state: TurnEnding, reply?: Reply): Promise<void> {
    const failure = reply?.thought.kind === 'failed' ? reply.thought.code : null;
    const usage = reply?.usage ?? { inputTokens: 0, outputTokens: 0 };
    const end: TurnEnd = { state, error: failure, model: this.config.model.name, usage };
    await this.database.note(turn.tenantId, async (tx) => {
      const ended = await this.turns.end(tx, turn, end, this.clock.now());
      if (!ended || !reply?.summaryDue) return;
      const { conversationSid, upToSeq } = turn;
      this.outbox.enqueue(tx, { name: 'memory.summarise', payload: { conversationSid }, key: `${conversationSid}/${upToSeq}` });
    });
    if (failure) this.log.warn(`turn ${turn.id} failed: ${failure}`);
  }

  /** The turns among those of these messages that ended without an answer: with an apology, or in the hands of people. */
  async unanswered(tenantId: string, messages: readonly { turnId: string | null }[]): Promise<Set<string>> {
    const ids = messages.flatMap(({ turnId }) => turnId ?? []);
    return new Set(ids.length === 0 ? [] : await this.database.transaction(tenantId, (tx) => this.turns.unanswered(tx, ids)));
  }

  everythingIn(tx: Tx, conversationSid: string): Promise<Record<string, unknown>[]> {
    return this.turns.everythingIn(tx, conversationSid);
  }

  async erase(tx: Tx, conversationSid: string): Promise<{ erased: number; underWay: number }> {
    const now = this.clock.now();
    return { erased: await this.turns.erase(tx, conversationSid, now), underWay: await this.turns.underWay(tx, conversationSid, now) };
  }

  /** Something unexpected happened: another attempt may begin at once. The job says what it was. */
  async release(turn: Turn, error: unknown): Promise<void> {
    await this.database
      .transaction(turn.tenantId, (tx) => this.turns.release(tx, turn, describe(error), this.clock.now()))
      .catch((second: unknown) => this.log.warn(`turn ${turn.id} stays claimed until its lease ends: ${describe(second)}`));
  }
}
