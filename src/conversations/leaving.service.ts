import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { type Transition, Transitions } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { ConversationsRepository, ParticipantsRepository } from './conversations.repository.js';
import type { Message } from './conversations.types.js';
import { InboxRepository } from './inbox.repository.js';
import { MessagesRepository } from './messages.repository.js';

const LAST_SEQ = 2_147_483_647;
const MOST_ROWS = 1_000_000;

/** A person takes their words along: all of them as a copy, or away for good. */
@Injectable()
export class LeavingService {
  private readonly conversations = new ConversationsRepository();
  private readonly messages = new MessagesRepository();
  private readonly participants = new ParticipantsRepository();
  private readonly inbox = new InboxRepository();
  private readonly history = new Transitions();

  constructor(private readonly clock: Clock) {}

  /** Nobody erases it, or writes into it, before this transaction is over. @returns false where it is gone already */
  async stays(tx: Tx, conversationSid: string): Promise<boolean> {
    return (await this.conversations.lock(tx, conversationSid)) !== null;
  }

  /** Every message and every change of state, oldest first. */
  async everythingIn(tx: Tx, conversationSid: string): Promise<{ messages: Message[]; transitions: Transition[] }> {
    const [messages, transitions] = await Promise.all([
      this.messages.between(tx, conversationSid, 0, LAST_SEQ, MOST_ROWS), this.history.list(tx, conversationSid, null, MOST_ROWS),
    ]);
    return { messages, transitions };
  }

  /** The conversation of each of these contacts, held until the transaction ends: nothing is received or said in it meanwhile. */
  async hold(tx: Tx, contactIds: readonly string[]): Promise<Map<string, string>> {
    const sids = new Map<string, string>();
    for (const id of contactIds.toSorted()) {
      const conversation = await this.conversations.lockOfContact(tx, id);
      if (conversation) sids.set(id, conversation.conversationSid);
    }
    return sids;
  }

  /** Also of those that were erased. */
  sidsOf(tx: Tx, contactIds: string[]): Promise<string[]> {
    return this.conversations.sidsOf(tx, contactIds);
  }

  /** The messages of a conversation to which something is attached, held until the transaction ends. */
  holdAttached(tx: Tx, conversationSid: string): Promise<Pick<Message, 'id' | 'media'>[]> {
    return this.messages.lockAttached(tx, conversationSid);
  }

  /** Blanks all that was said in a conversation. It is closed for good and not found any more. Twice is once. */
  async erase(tx: Tx, conversationSid: string): Promise<Record<string, number>> {
    return {
      conversations: (await this.conversations.erase(tx, conversationSid, this.clock.now())) ? 1 : 0,
      messages: await this.messages.erase(tx, conversationSid),
      participants: await this.participants.erase(tx, conversationSid),
      transitions: await this.history.erase(tx, conversationSid),
    };
  }

  /** What waits from these addresses to be received. @param until what came in from them later is somebody new's. Twice is once. */
  async eraseWaiting(tx: Tx, addresses: string[], until: Date): Promise<Record<string, number>> {
    return { inbox: await this.inbox.erase(tx, addresses, until, this.clock.now()) };
  }

  /** The oldest messages of some conversation that are from before, settled, in one run. Empty when there are none. */
  oldest(tx: Tx, before: Date, limit: number): Promise<Message[]> {
    return this.messages.oldest(tx, before, limit);
  }

  /** Takes the words of these messages away, in the order of the thread, and the reasons of what happened before. Twice is once. */
  async purge(tx: Tx, messages: readonly Pick<Message, 'id' | 'seq' | 'conversationSid'>[], before: Date): Promise<void> {
    const last = messages.at(-1);
    if (!last) return;
    await this.messages.purge(tx, messages.map(({ id }) => id));
    await this.history.erase(tx, last.conversationSid, before);
    this.conversations.notePurged(tx, last.conversationSid, last.seq);
  }

  /** Contacts in whose conversations nobody has said a word since, the quietest first. */
  contactsIdleSince(tx: Tx, since: Date, limit: number): Promise<string[]> {
    return this.conversations.contactsIdleSince(tx, since, limit);
  }
}
