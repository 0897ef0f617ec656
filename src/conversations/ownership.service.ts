import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { recordTransition } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, notFound } from '@throughline/kernel/errors.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { TenantSettings } from '../tenancy/tenancy.types.js';
import { ConversationsRepository } from './conversations.repository.js';
import type { Conversation, OwnershipEvent } from './conversations.types.js';
import { MessagesRepository } from './messages.repository.js';
import { type OwnershipEffect, ownershipMachine } from './ownership.machine.js';
import { TransitionsRepository } from './transitions.repository.js';

export interface OwnershipChange {
  event: OwnershipEvent;
  cause: string;
  staff?: string | null;
}

/** Who owns a conversation, and since when. The only place that changes it. */
@Injectable()
export class OwnershipService {
  private readonly conversations = new ConversationsRepository();
  private readonly messages = new MessagesRepository();
  private readonly history = new TransitionsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly tenancy: TenancyService,
  ) {}

  /**
   * Applies an event to a conversation whose row the caller holds locked.
   *
   * @returns the conversation as it is now, or null when the event means nothing in its state
   */
  async apply(tx: Tx, conversation: Conversation, change: OwnershipChange): Promise<Conversation | null> {
    const step = ownershipMachine.next(conversation.owner, change.event);
    if (!step) return null;
    const at = this.clock.now();
    const staff = step.to === 'staff' ? (change.staff ?? conversation.staff) : null;
    if (!(await this.conversations.changeOwner(tx, conversation, { owner: step.to, staff, at }))) return null;
    await recordTransition(tx, {
      conversationSid: conversation.conversationSid, machine: 'ownership', entityId: conversation.conversationSid,
      from: conversation.owner, to: step.to, cause: change.cause, at,
    });
    const changed = { ...conversation, owner: step.to, staff, ownerSince: at, epoch: conversation.epoch + 1 };
    const marked = await this.mark(tx, changed, lineOf(change.event, changed.staff ?? conversation.staff, step.effects ?? []));
    await this.startClock(tx, marked);
    if (step.effects?.includes('answer_open_question')) await this.answerOpenQuestion(tx, marked);
    return marked;
  }

  /** The person's own choice, from the console, the sandbox page or the API. */
  async change(tenantId: string, conversationSid: string, change: OwnershipChange): Promise<Conversation> {
    return this.database.transaction(tenantId, async (tx) => {
      const conversation = await this.conversations.lock(tx, conversationSid);
      if (!conversation) throw notFound('conversation', conversationSid);
      const changed = await this.apply(tx, conversation, change);
      if (changed) return changed;
      throw conflict('not_possible_now', `${change.event} is not possible while the conversation belongs to: ${conversation.owner}.`);
    });
  }

  /** The timer of the present owner. Woken too early it asks to be woken again; for an older epoch it does nothing. */
  async clockStruck(tenantId: string, conversationSid: string, epoch: number): Promise<JobOutcome> {
    const { settings } = await this.tenancy.tenant(tenantId);
    return this.database.transaction(tenantId, async (tx): Promise<JobOutcome> => {
      const conversation = await this.conversations.lock(tx, conversationSid);
      if (!conversation || conversation.epoch !== epoch || ownershipMachine.isFinal(conversation.owner)) return;
      const dueAt = dueTime(conversation, settings);
      if (dueAt > this.clock.now()) return { again: dueAt };
      const event = ownershipMachine.timeouts[conversation.owner];
      if (event) await this.apply(tx, conversation, { event, cause: `${event}: nothing happened since ${conversation.lastActivityAt.toISOString()}` });
    });
  }

  /** Sets the alarm for the owner of now. */
  async startClock(tx: Tx, conversation: Conversation): Promise<void> {
    if (ownershipMachine.isFinal(conversation.owner)) return;
    const { settings } = await this.tenancy.tenant(tx.tenantId);
    await this.outbox.enqueue(tx, {
      name: 'conversations.clock',
      payload: { conversationSid: conversation.conversationSid, epoch: conversation.epoch },
      dueAt: dueTime(conversation, settings),
    });
  }

  /** A line in the thread where people begin and end to speak, so that no expired "stay silent" is ever obeyed. */
  private async mark(tx: Tx, after: Conversation, line: string | null): Promise<Conversation> {
    if (!line) return after;
    const seq = after.lastSeq + 1;
    await this.messages.insert(tx, {
      id: uuidv7(after.ownerSince.getTime()), tenantId: tx.tenantId, conversationSid: after.conversationSid, seq, direction: 'internal',
      authorKind: 'system', author: 'system', channel: 'internal', address: null, sender: null, body: line, media: [], status: 'noted',
      providerSid: null, turnId: null, mirrorState: 'none', mirrorSid: null, createdAt: after.ownerSince,
    });
    await this.conversations.noteSpoken(tx, after.conversationSid, seq, after.lastActivityAt);
    return { ...after, lastSeq: seq };
  }

  /**
   * The customer waited for people who did not answer: the assistant does after all. Once for each question, because
   * an assistant that can only hand off again would otherwise write to the customer every day.
   */
  private async answerOpenQuestion(tx: Tx, conversation: Conversation): Promise<void> {
    const { conversationSid, lastInboundSeq } = conversation;
    if ((await this.history.returnsSince(tx, conversationSid, lastInboundSeq)) > 1) return;
    await this.outbox.enqueue(tx, { name: 'assistant.turn', payload: { conversationSid, upToSeq: lastInboundSeq } });
  }
}

function lineOf(event: OwnershipEvent, staff: string | null, effects: readonly OwnershipEffect[]): string | null {
  const who = staff ?? 'A colleague';
  if (effects.includes('mark_human_start')) return `${who} took over. The assistant is silent from here on.`;
  if (!effects.includes('mark_human_end')) return null;
  const why = event === 'queue_timed_out' ? 'No colleague took over in time.' : `${who} handed back.`;
  return `${why} The assistant speaks again from here on.`;
}

function dueTime(conversation: Conversation, settings: TenantSettings): Date {
  const { owner, ownerSince, lastActivityAt } = conversation;
  const minute = 60_000;
  if (owner === 'queued') return new Date(ownerSince.getTime() + settings.queueTimeoutMinutes * minute);
  if (owner === 'assistant') return new Date(lastActivityAt.getTime() + settings.idleCloseHours * 60 * minute);
  return new Date(lastActivityAt.getTime() + settings.staffTimeoutMinutes * minute);
}
