import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { conflict, notFound } from '@throughline/kernel/errors.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { ContactsService } from '../contacts/contacts.service.js';
import type { Merge, Merging } from '../contacts/contacts.types.js';
import { ConversationsRepository } from './conversations.repository.js';
import type { Conversation, Message } from './conversations.types.js';
import { MessagesRepository } from './messages.repository.js';
import { type OwnershipChange, OwnershipService } from './ownership.service.js';

/**
 * Two contacts become one person. Messages keep their place: the absorbed conversation is closed and stays as it is, and
 * whatever any of the person's addresses write goes on in the surviving one.
 */
@Injectable()
export class MergingService {
  private readonly conversations = new ConversationsRepository();
  private readonly messages = new MessagesRepository();

  constructor(
    private readonly database: Database,
    private readonly contacts: ContactsService,
    private readonly ownership: OwnershipService,
    private readonly outbox: Outbox,
  ) {}

  /** The same merge twice is one. @throws HubError `conflict` while a specialist speaks to either */
  merge(tenantId: string, merging: Merging): Promise<Merge> {
    return this.database.transaction(tenantId, async (tx) => {
      const { merge, fresh } = await this.contacts.merge(tx, merging);
      if (!fresh) return merge;
      const [absorbed, surviving] = await this.lockBoth(tx, merge);
      for (const one of [absorbed, surviving]) if (one?.owner === 'specialist') throw conflict('not_possible_now', 'A specialist is speaking to one of them.');
      if (absorbed) await this.close(tx, absorbed, surviving, merge);
      return merge;
    });
  }

  /**
   * A code has shown that both are one person. It goes on in the conversation of whose number it is; where that has none, in the other.
   * Running twice unites them once, and so does whatever staff has merged meanwhile.
   */
  async unite(tenantId: string, contactId: string, ownerId: string): Promise<void> {
    const merging = await this.database.transaction(tenantId, async (tx): Promise<Merging | null> => {
      const [[one], [other]] = await Promise.all([this.contacts.wholePerson(tx, contactId), this.contacts.wholePerson(tx, ownerId)]);
      if (!one || !other || one === other) return null;
      const [absorbedId, survivingId] = (await this.conversations.sidOf(tx, other)) ? [one, other] : [other, one];
      return { absorbedId, survivingId, staff: 'verification', reason: 'A code has shown that the number is theirs.' };
    });
    if (merging) await this.merge(tenantId, merging);
  }

  /** What was moved goes back, and so does the right to answer there. Twice is once. */
  undo(tenantId: string, mergeId: string, staff: string): Promise<Merge> {
    return this.database.transaction(tenantId, async (tx) => {
      const { merge, fresh } = await this.contacts.unmerge(tx, mergeId, staff);
      if (!fresh) return merge;
      const [absorbed, surviving] = await this.lockBoth(tx, merge);
      if (absorbed) this.conversations.setMerged(tx, absorbed.conversationSid, null);
      if (surviving) await this.answerOnlyTheirOwn(tx, surviving, `the merge with contact ${merge.absorbedId} was undone by ${staff}`);
      return merge;
    });
  }

  /** All that was said with this person, in whichever conversation, by the time it was said. @param after the last message of the page before */
  timeline(tenantId: string, contactId: string, after: string | null, limit: number): Promise<Message[]> {
    return this.database.transaction(tenantId, async (tx) => {
      const ids = await this.contacts.idsOfPerson(tx, contactId);
      if (ids.length === 0) throw notFound('contact', contactId);
      return this.messages.ofPerson(tx, await this.conversations.sidsOf(tx, ids), after, limit);
    });
  }

  /** Nobody else would answer what is open in it, so there has to be a conversation that it is passed on to. */
  private async close(tx: Tx, absorbed: Conversation, surviving: Conversation | null, { staff, survivingId }: Merge): Promise<void> {
    if (!surviving) throw conflict('not_possible_now', `The first message of contact ${survivingId} is still being received. Try again in a moment.`);
    await this.passOn(tx, absorbed, surviving, `merged by ${staff}`);
    await this.ownership.apply(tx, absorbed, { event: 'closed', cause: `merged by ${staff} into contact ${survivingId}` });
    this.conversations.setMerged(tx, absorbed.conversationSid, survivingId);
    this.outbox.enqueue(tx, { name: 'memory.summarise', payload: { conversationSid: absorbed.conversationSid }, key: `${absorbed.conversationSid}/merged` });
  }

  /** People who were in the word, or awaited, at one of the two are so at both: nobody talks over them, no question gets lost. */
  private async passOn(tx: Tx, absorbed: Conversation, surviving: Conversation, by: string): Promise<void> {
    const open = absorbed.owner === 'assistant' && await this.messages.isUnanswered(tx, absorbed.conversationSid);
    const cause = `${by}: ${absorbed.conversationSid} belonged to ${absorbed.owner}${open ? ', with a question open' : ''}`;
    if (absorbed.owner === 'staff') await this.onlyFrom(tx, surviving, ['assistant', 'queued', 'closed'], { event: 'staff_took_over', cause, staff: absorbed.staff });
    else if (absorbed.owner === 'queued' || open) await this.onlyFrom(tx, await this.opened(tx, surviving), ['assistant'], { event: 'assistant_handed_off', cause });
  }

  private async opened(tx: Tx, surviving: Conversation): Promise<Conversation> {
    if (surviving.owner !== 'closed') return surviving;
    return (await this.ownership.apply(tx, surviving, { event: 'customer_wrote', cause: 'the customer wrote to the conversation that was merged into this one' })) ?? surviving;
  }

  private async onlyFrom(tx: Tx, conversation: Conversation, owners: Conversation['owner'][], change: OwnershipChange): Promise<void> {
    if (owners.includes(conversation.owner)) await this.ownership.apply(tx, conversation, change);
  }

  /** An answer that is being thought of may be meant for the other person: people look, before anything is said. */
  private async answerOnlyTheirOwn(tx: Tx, surviving: Conversation, cause: string): Promise<void> {
    const { replyChannel, replyAddress, contactId, conversationSid } = surviving;
    if (!replyChannel || !replyAddress || (await this.contacts.whoWrote(tx, { channel: replyChannel, address: replyAddress }))?.id === contactId) return;
    const own = (await this.contacts.addressesIn(tx, contactId)).map(({ channel, address }) => this.contacts.identityOf(channel, address));
    this.conversations.setReply(tx, conversationSid, await this.messages.lastInboundFrom(tx, conversationSid, own));
    await this.onlyFrom(tx, surviving, ['assistant'], { event: 'assistant_handed_off', cause });
  }

  /** In one order, whoever goes into whom. Somebody whose first text waits for its Conversation has none yet. */
  private async lockBoth(tx: Tx, { absorbedId, survivingId }: Merge): Promise<[Conversation | null, Conversation | null]> {
    const found = new Map<string, Conversation | null>();
    for (const id of [absorbedId, survivingId].toSorted()) found.set(id, await this.conversations.lockOfContact(tx, id));
    return [found.get(absorbedId)!, found.get(survivingId)!];
  }
}
