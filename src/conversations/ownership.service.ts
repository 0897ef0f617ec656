import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { recordTransition, type Transition, Transitions } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, notFound } from '@throughline/kernel/errors.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { tell } from '@throughline/live/live.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { TenantSettings } from '../tenancy/tenancy.types.js';
import { ConversationsRepository } from './conversations.repository.js';
import type { Conversation, Message, Owner, OwnershipEvent } from './conversations.types.js';
import { MessagesRepository } from './messages.repository.js';
import { type OwnershipEffect, ownershipMachine } from './ownership.machine.js';

export interface OwnershipChange {
  event: OwnershipEvent;
  cause: string;
  staff?: string | null;
  /** Whoever it comes from only shows a number or an address: where somebody else is known under it, nothing of theirs changes. */
  isUnproved?: boolean | undefined;
  /** The turn that has failed: what it said is no answer. */
  failedTurn?: string | null;
  /** Whoever listens is told of this message by itself. */
  recordedSeq?: number;
}

const REPLY_LOST = 'a reply did not reach the customer';
const MAX_SEQ = 2_147_483_647;
const PEOPLE: ReadonlySet<string> = new Set(['staff', 'specialist']);
/** The line of a hand-off and the hand-off itself are one transaction, with a clock reading each. */
const SAME_BREATH_MS = 1_000;

/** Who owns a conversation, and since when. The only place that changes it. */
@Injectable()
export class OwnershipService {
  private readonly conversations = new ConversationsRepository();
  private readonly messages = new MessagesRepository();
  private readonly history = new Transitions();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly tenancy: TenancyService,
    private readonly contacts: ContactsService,
  ) {}

  /**
   * Applies an event to a conversation whose row the caller holds locked.
   *
   * @returns the conversation as it is now, or null when the event means nothing in its state
   */
  async apply(tx: Tx, conversation: Conversation, asked: OwnershipChange): Promise<Conversation | null> {
    if (conversation.owner === 'assistant' && asked.event !== 'customer_wrote') await this.leaveUnseen(tx, conversation, asked);
    if (asked.isUnproved && (await this.contacts.isSomebodys(tx, conversation.contactId))) return this.leaveToPeople(tx, conversation, asked.cause);
    const change = (await this.customerReturns(tx, conversation, asked)) ?? asked;
    const step = ownershipMachine.next(conversation.owner, change.event);
    if (!step) return null;
    const at = this.clock.now();
    const staff = step.to === 'staff' ? (change.staff ?? conversation.staff) : null;
    if (!(await this.conversations.changeOwner(tx, conversation, { owner: step.to, staff, at }))) return null;
    recordTransition(tx, {
      conversationSid: conversation.conversationSid, machine: 'ownership', entityId: conversation.conversationSid,
      from: conversation.owner, to: step.to, cause: change.cause, at,
    });
    const { conversationSid } = conversation;
    tx.afterCommit(() => tell('owner', { tenantId: tx.tenantId, conversationSid, owner: step.to }));
    const changed = { ...conversation, owner: step.to, staff, ownerSince: at, epoch: conversation.epoch + 1 };
    const marked = await this.mark(tx, changed, lineOf(change.event, changed.staff ?? conversation.staff ?? change.staff ?? null, step.effects ?? []));
    await this.startClock(tx, marked);
    if (step.effects?.includes('answer_open_question')) await this.answerOpenQuestion(tx, marked);
    if (change.event === 'queue_timed_out') await this.conversations.noteReturned(tx, conversation.conversationSid);
    return marked;
  }

  /** The person's own choice, from the console, the sandbox page or the API. */
  async change(tenantId: string, conversationSid: string, change: OwnershipChange): Promise<Conversation> {
    return this.database.transaction(tenantId, async (tx) => {
      const conversation = await this.conversations.lock(tx, conversationSid);
      if (!conversation) throw notFound('conversation', conversationSid);
      refuseMerged(conversation);
      const changed = await this.apply(tx, conversation, change);
      if (changed) return changed;
      throw conflict('not_possible_now', `${change.event} is not possible while the conversation belongs to: ${conversation.owner}.`);
    });
  }

  /**
   * A reply of the assistant's did not reach the customer, and the assistant can do nothing about it: people are asked
   * to look. Nothing happens where people have the conversation already, nor where the customer has written since: they can be
   * reached again, and are being answered.
   */
  async replyLost(tx: Tx, messageId: string, why: string): Promise<void> {
    const message = await this.messages.find(tx, messageId);
    if (message?.authorKind !== 'assistant') return;
    const conversation = await this.conversations.lock(tx, message.conversationSid);
    if (!conversation || (conversation.owner === 'assistant' && conversation.lastInboundSeq > message.seq)) return;
    await this.apply(tx, conversation, { event: 'reply_lost', cause: `${REPLY_LOST}: ${why}` });
  }

  /**
   * Why the assistant's message comes too late: a colleague has written since, or has taken over. The line with which the
   * assistant hands off is what the customer waits by, so it only gives way to a colleague's own words. Where a colleague has looked
   * in and given back without a word, it is still the answer: nobody thinks of another one.
   */
  async peopleSpokeSince(tx: Tx, { conversationSid, seq, createdAt }: Message): Promise<string | null> {
    const writer = await this.messages.staffAfter(tx, conversationSid, seq);
    if (writer) return `${writer} has written to the customer since`;
    const [conversation, changes] = await Promise.all([this.conversations.find(tx, conversationSid), this.history.since(tx, conversationSid, 'ownership', createdAt)]);
    const taken = changes.filter((change) => PEOPLE.has(change.toState));
    // Who has the word is asked of the row: by another process's clock they may have taken it before this was said.
    const owner = conversation?.owner ?? 'closed';
    if (isHandOff(changes, createdAt) || (taken.length === 0 && !PEOPLE.has(owner))) return null;
    if (owner === 'assistant' && taken.every(({ toState }) => toState === 'staff') && !isLineOfHandOff(changes, createdAt)) return null;
    return `A colleague has taken over since (${taken[0]?.cause ?? owner})`;
  }

  /** Whether a colleague has given the word back after they wrote this, by their own clock, which may be ahead of ours. */
  async hasGivenBackSince(tx: Tx, { conversationSid, owner, ownerSince }: Conversation, writtenAt: Date): Promise<boolean> {
    if (owner !== 'assistant' || ownerSince.getTime() + SAME_BREATH_MS < writtenAt.getTime()) return false;
    return (await this.history.since(tx, conversationSid, 'ownership', ownerSince)).at(-1)?.fromState === 'staff';
  }

  /** A customer who writes after a reply was lost can be reached again: the assistant answers, and knows what was lost. */
  private async customerReturns(tx: Tx, { conversationSid, owner, ownerSince }: Conversation, asked: OwnershipChange): Promise<OwnershipChange | null> {
    if (asked.event !== 'customer_wrote' || owner !== 'queued') return null;
    const last = (await this.history.since(tx, conversationSid, 'ownership', ownerSince)).at(-1);
    return last?.cause.startsWith(REPLY_LOST) ? { event: 'customer_returned', cause: 'the customer wrote again after a reply was lost' } : null;
  }

  /** The timer of the present owner. Woken too early it asks to be woken again; for an older epoch it does nothing. */
  async clockStruck(tenantId: string, conversationSid: string, epoch: number): Promise<JobOutcome> {
    const { settings } = await this.tenancy.tenant(tenantId);
    return this.database.transaction(tenantId, async (tx): Promise<JobOutcome> => {
      const conversation = await this.conversations.lock(tx, conversationSid);
      if (!conversation || conversation.epoch !== epoch || ownershipMachine.isFinal(conversation.owner)) return;
      const since = await this.waitsSince(tx, conversation);
      const dueAt = after(since, conversation.owner, settings);
      if (dueAt > this.clock.now()) return { again: dueAt };
      if (conversation.owner === 'queued' && !mayReturn(conversation, settings)) return { again: after(this.clock.now(), 'queued', settings) };
      const event = ownershipMachine.timeouts[conversation.owner];
      if (event) await this.apply(tx, conversation, { event, cause: `${event}: nothing happened since ${since.toISOString()}` });
    });
  }

  /** Sets the alarm for the owner of now. */
  async startClock(tx: Tx, conversation: Conversation): Promise<void> {
    if (ownershipMachine.isFinal(conversation.owner)) return;
    const { settings } = await this.tenancy.tenant(tx.tenantId, tx);
    this.outbox.enqueue(tx, {
      name: 'conversations.clock',
      payload: { conversationSid: conversation.conversationSid, epoch: conversation.epoch },
      dueAt: after(await this.waitsSince(tx, conversation), conversation.owner, settings),
    });
  }

  /**
   * Since when nothing has happened, for its owner of now. With people only their own words count: what the customer
   * writes excuses nobody. What came back after days is answered before it is closed for having been quiet.
   */
  private async waitsSince(tx: Tx, { conversationSid, owner, ownerSince, lastActivityAt }: Conversation): Promise<Date> {
    if (owner === 'queued') return ownerSince;
    const spoke = owner === 'assistant' ? lastActivityAt : await this.messages.lastStaffAt(tx, conversationSid);
    return spoke && spoke > ownerSince ? spoke : ownerSince;
  }

  /** What waited for a turn of the assistant's has none now: somebody else says how urgent it is. */
  private async leaveUnseen(tx: Tx, { conversationSid }: Conversation, { failedTurn = null, recordedSeq = MAX_SEQ }: OwnershipChange): Promise<void> {
    for (const seq of await this.conversations.openOf(tx, conversationSid, failedTurn, recordedSeq)) {
      this.outbox.enqueue(tx, { name: 'triage.judge', payload: { conversationSid, seq } });
    }
  }

  /** A task for people, whoever has the word. The owner of the number goes on writing with whom they wrote. */
  private async leaveToPeople(tx: Tx, conversation: Conversation, cause: string): Promise<null> {
    await this.mark(tx, { ...conversation, ownerSince: this.clock.now() }, `Task for the team: whoever shows this number or address, which is not confirmed, needs people: ${cause}`, { words: [], hearsay: true });
    return null;
  }

  /** A line in the thread where people begin and end to speak, so that no expired "stay silent" is ever obeyed. */
  private async mark(tx: Tx, changed: Conversation, line: string | null, details: Message['details'] = null): Promise<Conversation> {
    if (!line) return changed;
    const seq = changed.lastSeq + 1;
    await this.messages.insert(tx, {
      id: uuidv7(changed.ownerSince.getTime()), tenantId: tx.tenantId, conversationSid: changed.conversationSid, seq, direction: 'internal',
      authorKind: 'system', author: 'system', channel: 'internal', address: null, sender: null, body: line, media: [], details, status: 'noted',
      providerSid: null, turnId: null, mirrorState: 'none', mirrorSid: null, createdAt: changed.ownerSince,
    });
    this.conversations.noteSpoken(tx, changed.conversationSid, seq, changed.lastActivityAt);
    return { ...changed, lastSeq: seq };
  }

  /** People have not answered, or gave it back: the assistant does. Where nothing is open its turn finds that out. */
  private async answerOpenQuestion(tx: Tx, { conversationSid, lastInboundSeq }: Conversation): Promise<void> {
    this.outbox.enqueue(tx, { name: 'assistant.turn', payload: { conversationSid, upToSeq: lastInboundSeq } });
  }
}

/** @throws HubError `conflict` naming the contact in whose conversation it goes on */
export function refuseMerged({ mergedInto }: Conversation): void {
  if (mergedInto) throw conflict('merged', `This conversation was merged. It goes on in the one of contact ${mergedInto}.`);
}

/** Whether what was said at `saidAt` was the line of a hand-off that still holds. */
const isHandOff = (changes: readonly Transition[], saidAt: Date): boolean => isLineOfHandOff(changes, saidAt) && changes.at(-1)?.toState !== 'assistant';

function isLineOfHandOff([first]: readonly Transition[], saidAt: Date): boolean {
  const inTheSameBreath = first !== undefined && first.at.getTime() - saidAt.getTime() <= SAME_BREATH_MS;
  return inTheSameBreath && first.fromState === 'assistant' && first.toState === 'queued';
}

function lineOf(event: OwnershipEvent, staff: string | null, effects: readonly OwnershipEffect[]): string | null {
  const who = staff ?? 'A colleague';
  if (effects.includes('mark_human_start')) return `${who} took over. The assistant is silent from here on.`;
  if (!effects.includes('mark_human_end')) return null;
  const why = event === 'queue_timed_out' ? 'No colleague took over in time.' : `${who} handed back.`;
  return `${why} The assistant speaks again from here on.`;
}

/**
 * Whether the assistant will answer what nobody took. Once for each question: one that can only hand off again would
 * otherwise write to the customer every day. What it will not answer stays where people see it.
 */
const mayReturn = ({ lastInboundSeq, returnedSeq }: Conversation, settings: TenantSettings): boolean =>
  settings.assistant.enabled && lastInboundSeq > returnedSeq;

const MINUTE_MS = 60_000;

function after(since: Date, owner: Owner, settings: TenantSettings): Date {
  const { queueTimeoutMinutes, idleCloseHours, staffTimeoutMinutes } = settings;
  const minutes = owner === 'queued' ? queueTimeoutMinutes : owner === 'assistant' ? idleCloseHours * 60 : staffTimeoutMinutes;
  return new Date(since.getTime() + minutes * MINUTE_MS);
}
