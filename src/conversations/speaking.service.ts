import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, notFound } from '@throughline/kernel/errors.js';
import { uuidOf, uuidv7 } from '@throughline/kernel/ids.js';
import { reach } from '@throughline/kernel/points.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { isAskedByAnybody, isTooOldToSend, mergedLine, notSent, notSentFromMerged, oldWordsLine, wordless } from './conversations.policy.js';
import { ConversationsRepository } from './conversations.repository.js';
import type {
  Aloud, Attaching, Button, Conversation, HandOff, Media, Message, MessageDetails, Saying, SayOutcome, StaffMessage, StaffWords, Withdrawing,
} from './conversations.types.js';
import { type NewMessage, MessagesRepository } from './messages.repository.js';
import { OwnershipService, refuseMerged } from './ownership.service.js';
import { SpokenService } from './spoken.service.js';

export interface GivingUp extends HandOff {
  /** The turn could not look at what the customer wrote. */
  hasFailed?: boolean;
}

/** So many messages back a question that is open may begin. */
const MOST_OPEN = 80;

type Refusal = Extract<SayOutcome, { outcome: 'refused' }>['why'];

/** Whoever answers the customer does it here, with the conversation's row locked and its epoch checked. */
@Injectable()
export class SpeakingService {
  private readonly log = new Logger('Speaking');
  private readonly conversations = new ConversationsRepository();
  private readonly messages = new MessagesRepository();
  private attaching: Attaching | null = null;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly ownership: OwnershipService,
    private readonly contacts: ContactsService,
    /** Words of phone calls. */
    readonly aloud: SpokenService,
  ) {}

  attachWith(attaching: Attaching): void {
    this.attaching = attaching;
  }

  /** The assistant's reply. Refused when it is stale: another owner, another epoch, a newer message. */
  async say(tenantId: string, saying: Saying): Promise<SayOutcome> {
    const outcome = await this.database.transaction(tenantId, async (tx): Promise<SayOutcome> => {
      const { conversation, why } = await this.sight(tx, saying);
      if (why || !conversation) return { outcome: 'refused', why: why ?? 'another_owner' };
      return this.speak(tx, conversation, {
        authorKind: 'assistant', author: 'assistant', body: saying.body, details: offering(saying.buttons), turnId: saying.turnId, aloud: saying.aloud,
      });
    });
    await reach('say.committed');
    return outcome;
  }

  /** The customer's own words, as the assistant understood them, end all messages; its line is the last one, said once. */
  async withdraw(tenantId: string, withdrawing: Withdrawing): Promise<SayOutcome> {
    const outcome = await this.database.transaction(tenantId, async (tx): Promise<SayOutcome> => {
      const { conversation, why } = await this.sight(tx, withdrawing);
      if (why || !conversation) return { outcome: 'refused', why: why ?? 'another_owner' };
      const said = await this.messages.at(tx, conversation.conversationSid, withdrawing.upToSeq);
      if (!said?.address || !said.sender) return { outcome: 'refused', why: 'newer_message' };
      const { address, sender, channel } = said;
      const id = uuidv7(this.clock.ms());
      const isNews = (await this.contacts.whyNotWrite(tx, { channel, address, sender }, { id, purpose: 'service' })) === null;
      await this.contacts.withdraw(tx, { ...said, address }, withdrawing.everywhere ? 'person' : 'address', {
        contactId: conversation.contactId, confirmationId: isNews ? id : null,
      });
      if (!isNews) return { outcome: 'said', messageId: '' };
      return this.speak(tx, conversation, { id, authorKind: 'assistant', author: 'assistant', body: withdrawing.body, turnId: withdrawing.turnId });
    });
    await reach('say.committed');
    return outcome;
  }

  /** Whether an answer may go to where the customer last wrote, as far as they are concerned. Asked again, for good, before it goes out. */
  async mayAnswer({ tenantId, replyChannel: channel, replyAddress: address, replySender: sender }: Conversation): Promise<boolean> {
    if (!channel || !address || !sender) return false;
    const words = { id: uuidv7(this.clock.ms()), purpose: 'service' as const };
    return this.database.transaction(tenantId, async (tx) => (await this.contacts.whyNotWrite(tx, { channel, address, sender }, words)) === null);
  }

  /** The conversation, held; and why the assistant's words come too late, if they do. */
  private async sight(tx: Tx, { conversationSid, turnId, epoch, upToSeq }: Omit<Saying, 'body'>): Promise<{ conversation: Conversation | null; why: Refusal | null }> {
    const [conversation, said] = await Promise.all([this.conversations.lock(tx, conversationSid), this.messages.ofTurn(tx, turnId)]);
    const isOurs = conversation?.owner === 'assistant' && conversation.epoch === epoch;
    if (said) return { conversation, why: 'already_said' };
    if (!isOurs) return { conversation, why: 'another_owner' };
    return { conversation, why: conversation.lastInboundSeq > upToSeq ? 'newer_message' : null };
  }

  /** The assistant gives the conversation to people, and says so in the same breath. */
  async handOff(tenantId: string, handOff: GivingUp): Promise<SayOutcome> {
    const outcome = await this.database.transaction(tenantId, async (tx): Promise<SayOutcome> => {
      const conversation = await this.conversations.lock(tx, handOff.conversationSid);
      if (!conversation) return { outcome: 'refused', why: 'another_owner' };
      // Without a line of its own it may follow words that the turn has said already, on the phone.
      if (handOff.closingLine && (await this.messages.ofTurn(tx, handOff.turnId))) return { outcome: 'refused', why: 'already_said' };
      if (conversation.owner !== 'assistant' || conversation.epoch !== handOff.epoch) return { outcome: 'refused', why: 'another_owner' };
      const isUnproved = handOff.isUnproved ?? (await this.isAskedByAnybody(tx, conversation));
      const spoken = handOff.closingLine
        ? await this.speak(tx, conversation, { authorKind: 'assistant', author: 'assistant', body: handOff.closingLine, turnId: handOff.turnId })
        : null;
      const present = { ...conversation, lastSeq: conversation.lastSeq + (spoken ? 1 : 0) };
      await this.ownership.apply(tx, present, { event: 'assistant_handed_off', cause: handOff.reason, isUnproved, failedTurn: handOff.hasFailed ? handOff.turnId : null });
      return spoken ?? { outcome: 'said', messageId: '' };
    });
    await reach('say.committed');
    return outcome;
  }

  /** By mail the assistant is asked at one address alone, and shown nothing else where one of those mails is not proved. */
  private async isAskedByAnybody(tx: Tx, { conversationSid, replyChannel }: Conversation): Promise<boolean> {
    return replyChannel === 'email' && isAskedByAnybody(await this.messages.latest(tx, conversationSid, MOST_OPEN, null));
  }

  /**
   * A staff member wrote into the Conversation. It is in the Conversation already, so only the customer still
   * needs it; and from here on the assistant is silent. What is found hours later is noted and changes nothing.
   *
   * @returns false when the record had it already
   */
  async receiveStaff(tenantId: string, message: StaffMessage): Promise<boolean> {
    return this.database.transaction(tenantId, async (tx) => {
      const locked = await this.conversations.lock(tx, message.conversationSid);
      if (!locked) return false;
      const known = await this.messages.knownMirrorSids(tx, message.conversationSid, [message.mirrorSid]);
      if (known.size > 0) return false;
      if (isTooOldToSend(message.writtenAt, this.clock.now())) return this.noteUnsent(tx, locked, message, oldWordsLine(message));
      if (locked.mergedInto) return this.noteInMerged(tx, locked, message);
      const event = { event: 'staff_took_over' as const, cause: `${message.author} wrote in the Conversation`, staff: message.author };
      // What they wrote before they gave back is said as well, and takes nothing back.
      const isOver = await this.ownership.hasGivenBackSince(tx, locked, message.writtenAt);
      const conversation = (isOver ? null : await this.ownership.apply(tx, locked, event)) ?? locked;
      const hasWords = message.body.trim() !== '';
      await this.speak(tx, conversation, {
        authorKind: 'staff', author: message.author, body: hasWords ? message.body : wordless(message), mirrorState: 'origin',
        mirrorSid: message.mirrorSid, status: hasWords ? 'pending' : 'failed',
      });
      const note = notSent(message);
      if (note) await this.note(tx, { ...conversation, lastSeq: conversation.lastSeq + 1 }, note);
      return true;
    });
  }

  /** A line for colleagues, in the thread and in the Conversation where they type. The customer has no way to either. */
  private async note(tx: Tx, { conversationSid, lastSeq }: Conversation, body: string): Promise<void> {
    const createdAt = this.clock.now();
    const seq = lastSeq + 1;
    await this.messages.insert(tx, {
      id: uuidv7(createdAt.getTime()), tenantId: tx.tenantId, conversationSid, seq, direction: 'internal', authorKind: 'system',
      author: 'system', channel: 'internal', address: null, sender: null, body, media: [], status: 'noted', providerSid: null,
      turnId: null, mirrorState: 'pending', mirrorSid: null, createdAt,
    });
    this.conversations.noteSpoken(tx, conversationSid, seq, createdAt);
    this.outbox.enqueue(tx, { name: 'conversations.mirror', payload: { conversationSid } });
    tx.afterCommit(() => this.log.warn(`Conversation ${conversationSid}: ${body}`));
  }

  /**
   * A staff member writes from outside the Conversation and owns it from here on. The same key twice is one message.
   *
   * @throws HubError `conflict` while a specialist speaks, and for a key that came with something else before; `invalid` for
   *   files that are not there or that the channel does not take
   */
  async staffSays(tenantId: string, { conversationSid, body, staff, key, attachments = [] }: StaffWords): Promise<Message> {
    const turnId = key ? uuidOf(`${tenantId}/${conversationSid}/staff/${key}`) : undefined;
    const message = await this.database.transaction(tenantId, async (tx) => {
      const locked = await this.conversations.lock(tx, conversationSid);
      if (!locked) throw notFound('conversation', conversationSid);
      refuseMerged(locked);
      const said = turnId ? await this.messages.ofTurn(tx, turnId) : null;
      if (said && (said.body !== body || said.author !== staff || !(this.attaching?.refersTo(said.media, attachments) ?? true))) throw conflict('key_used', 'This Idempotency-Key came with another message before.');
      if (said) return said;
      if (!locked.replyAddress) throw conflict('no_address', 'The customer has no address yet that can be answered.');
      const event = { event: 'staff_took_over' as const, cause: `${staff} wrote through the API`, staff };
      const conversation = locked.owner === 'staff' ? locked : await this.ownership.apply(tx, locked, event);
      if (!conversation) throw conflict('not_possible_now', `Nobody else may write while the conversation belongs to: ${locked.owner}.`);
      const id = uuidv7(this.clock.ms());
      const media = await this.attached(tx, { id, conversationSid, channel: locked.replyChannel! }, attachments);
      const { messageId } = await this.speak(tx, conversation, { id, authorKind: 'staff', author: staff, body, turnId, media });
      return (await this.messages.find(tx, messageId))!;
    });
    await reach('say.committed');
    return message;
  }

  private async attached(tx: Tx, message: Parameters<Attaching['attach']>[1], fileIds: string[]): Promise<Media[]> {
    if (fileIds.length === 0) return [];
    if (!this.attaching) throw conflict('no_attachments', 'Nothing can be attached here.');
    return this.attaching.attach(tx, message, fileIds);
  }

  /** Typed where nothing is sent from any more: the colleague is told in the same place where the person is to be found. */
  private async noteInMerged(tx: Tx, locked: Conversation, message: StaffMessage): Promise<true> {
    await this.noteUnsent(tx, locked, message, mergedLine(message));
    const [sid] = await this.conversations.sidsOf(tx, [(await this.contacts.hold(tx, locked.contactId)).id]);
    await this.note(tx, { ...locked, lastSeq: locked.lastSeq + 1 }, notSentFromMerged(message, sid ?? null));
    return true;
  }

  private async noteUnsent(tx: Tx, { conversationSid, lastSeq, lastActivityAt }: Conversation, message: StaffMessage, body: string): Promise<true> {
    const seq = lastSeq + 1;
    await this.messages.insert(tx, {
      id: uuidv7(this.clock.ms()), tenantId: tx.tenantId, conversationSid, seq, direction: 'internal', authorKind: 'system', author: 'system',
      channel: 'internal', address: null, sender: null, body, media: [], status: 'noted', providerSid: null,
      turnId: null, mirrorState: 'origin', mirrorSid: message.mirrorSid, createdAt: this.clock.now(),
    });
    this.conversations.noteSpoken(tx, conversationSid, seq, lastActivityAt);
    tx.afterCommit(() => this.log.warn(`${message.mirrorSid} in ${conversationSid} was not sent to the customer; the thread has a note`));
    return true;
  }

  /** A message for the customer, to where the customer last wrote, or into their call. One that has failed from the start is not sent, nor is what is said aloud. */
  private async speak(
    tx: Tx,
    conversation: Conversation,
    what: Pick<NewMessage, 'authorKind' | 'author' | 'body'> & Partial<Pick<NewMessage, 'id' | 'details' | 'turnId' | 'media' | 'mirrorState' | 'mirrorSid' | 'status'>> & { aloud?: Aloud | undefined },
  ): Promise<Extract<SayOutcome, { outcome: 'said' }>> {
    const { conversationSid } = conversation;
    const { aloud } = what;
    const createdAt = this.clock.now();
    const id = what.id ?? uuidv7(createdAt.getTime());
    const seq = conversation.lastSeq + 1;
    const inserted = this.messages.insert(tx, {
      id, tenantId: tx.tenantId, conversationSid, seq, direction: 'outbound', authorKind: what.authorKind, author: what.author,
      ...(aloud ? { channel: 'voice', address: aloud.address, sender: aloud.sender } : wayOf(conversation)), body: what.body, media: what.media ?? [],
      details: aloud ? { words: [], ...what.details, call: aloud.call } : (what.details ?? null), status: aloud ? 'sending' : (what.status ?? 'pending'),
      providerSid: null, turnId: what.turnId ?? null, mirrorState: what.mirrorState ?? 'pending', mirrorSid: what.mirrorSid ?? null, createdAt,
    });
    this.conversations.noteSpoken(tx, conversationSid, seq, createdAt);
    this.outbox.enqueue(
      tx,
      ...(what.status === 'failed' || aloud ? [] : [{ name: 'delivery.send' as const, payload: { messageId: id } }]),
      ...(what.mirrorState === 'origin' || aloud ? [] : [{ name: 'conversations.mirror' as const, payload: { conversationSid } }]),
    );
    await inserted;
    return { outcome: 'said', messageId: id };
  }
}

const wayOf = ({ replyChannel, replyAddress, replySender }: Conversation): Pick<NewMessage, 'channel' | 'address' | 'sender'> => (
  { channel: replyChannel ?? 'internal', address: replyAddress, sender: replySender });

const offering = (buttons: Button[] = []): MessageDetails | null => (buttons.length > 0 ? { buttons, words: [] } : null);
