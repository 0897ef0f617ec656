import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { type Transition, Transitions } from '@throughline/database/transitions.js';
import { notFound } from '@throughline/kernel/errors.js';
import { ContactsService } from '../contacts/contacts.service.js';
import type { Address, WhatsappWindow } from '../contacts/contacts.types.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { isStaffAuthor } from './conversations.policy.js';
import { ConversationsRepository, ParticipantsRepository } from './conversations.repository.js';
import type {
  Attaching, Channel, Conversation, InboundMessage, LastWrote, Message, NamedConversation, Owner, Participant, ReceiveOutcome, Saying,
  SayOutcome, StaffMessage, StaffWords, Unmirrored, Withdrawing,
} from './conversations.types.js';
import { MessagesRepository } from './messages.repository.js';
import { LeavingService } from './leaving.service.js';
import { type OwnershipChange, OwnershipService } from './ownership.service.js';
import { ReceiveService } from './receive.service.js';
import { type GivingUp, SpeakingService } from './speaking.service.js';

export interface ConversationFilter {
  owner: Owner | null;
  address: string | null;
  after: { at: Date; id: string } | null;
  limit: number;
}

/** The record's front door: what other rooms may ask of conversations. */
@Injectable()
export class ConversationsService {
  private readonly conversations = new ConversationsRepository();
  private readonly messages = new MessagesRepository();
  private readonly participants = new ParticipantsRepository();
  private readonly history = new Transitions();

  constructor(
    private readonly database: Database,
    private readonly contacts: ContactsService,
    private readonly receiving: ReceiveService,
    private readonly speaking: SpeakingService,
    private readonly ownership: OwnershipService,
    /** What happens when a person or their words leave. */
    readonly leaving: LeavingService,
  ) {}

  readonly begin = this.receiving.begin.bind(this.receiving);
  readonly divert = this.receiving.divert.bind(this.receiving);
  readonly listen = this.receiving.listen.bind(this.receiving);
  /** Words of phone calls; see SpokenService. */
  readonly aloud = this.speaking.aloud;

  /** A customer's message, from any door. The same one twice is received once. */
  receive(tenant: Tenant, message: InboundMessage): Promise<ReceiveOutcome> {
    return this.receiving.receive(tenant, message);
  }

  /** The message of somebody new as it was kept, unless it has been received since. */
  kept(tenantId: string, inboxId: string): Promise<InboundMessage | null> {
    return this.receiving.kept(tenantId, inboxId);
  }

  /** Receives a kept message, and all others of that person, into the Conversation that exists by now. */
  receiveKept(tenant: Tenant, inboxId: string, conversationSid: string): Promise<void> {
    return this.receiving.receiveKept(tenant, inboxId, conversationSid);
  }

  /** The contact's conversation, if there is one yet. */
  sidOf(tx: Tx, contactId: string): Promise<string | null> {
    return this.conversations.sidOf(tx, contactId);
  }

  sidsOf(tx: Tx, contactIds: string[]): Promise<string[]> {
    return this.conversations.sidsOf(tx, contactIds);
  }

  /** The seq of the newest message; 0 for a conversation without one. */
  async lastSeqOf(tx: Tx, conversationSid: string): Promise<number> {
    return (await this.conversations.find(tx, conversationSid))?.lastSeq ?? 0;
  }

  /** Ids of the messages that have half of the words of one of these statements, or more. @param language one that Postgres has word forms of */
  idsSaying(tx: Tx, conversationSid: string, statements: string[], language: string): Promise<string[]> {
    return this.messages.idsSaying(tx, conversationSid, statements, language);
  }

  say(tenantId: string, saying: Saying): Promise<SayOutcome> {
    return this.speaking.say(tenantId, saying);
  }

  handOff(tenantId: string, handOff: GivingUp): Promise<SayOutcome> {
    return this.speaking.handOff(tenantId, handOff);
  }

  /** The customer wants no more messages: noted, confirmed once, and silence from then on. */
  withdraw(tenantId: string, withdrawing: Withdrawing): Promise<SayOutcome> {
    return this.speaking.withdraw(tenantId, withdrawing);
  }

  /** A message that appeared in the Conversation and is not ours: delivered to the customer if a colleague typed it. */
  async receiveFromConversation(tenantId: string, message: StaffMessage): Promise<boolean> {
    const participants = await this.database.transaction(tenantId, (tx) => this.participants.of(tx, message.conversationSid));
    const identities = new Set(participants.map((participant) => participant.identity));
    return isStaffAuthor(message.author, identities) && this.speaking.receiveStaff(tenantId, message);
  }

  tenantOf(conversationSid: string): Promise<string | null> {
    return this.database.asSystem((tx) => this.conversations.tenantOf(tx, conversationSid));
  }

  async changeOwner(tenantId: string, conversationSid: string, change: OwnershipChange): Promise<NamedConversation> {
    const changed = await this.ownership.change(tenantId, conversationSid, change);
    return this.database.transaction(tenantId, async (tx) => (await this.named(tx, [changed]))[0]!);
  }

  /** From now on staff can send files. */
  readonly attachWith = (attaching: Attaching): void => this.speaking.attachWith(attaching);

  /** A staff member writes to the customer from outside the Conversation. */
  staffSays(tenantId: string, words: StaffWords): Promise<Message> {
    return this.speaking.staffSays(tenantId, words);
  }

  find(tenantId: string, conversationSid: string): Promise<Conversation | null> {
    return this.database.transaction(tenantId, (tx) => this.conversations.find(tx, conversationSid));
  }

  /** @throws HubError `not_found`, also for another tenant's conversation */
  conversation(tenantId: string, conversationSid: string): Promise<Conversation> {
    return this.database.transaction(tenantId, (tx) => this.known(tx, conversationSid));
  }

  /** The same as it is shown. */
  namedConversation(tenantId: string, conversationSid: string): Promise<NamedConversation> {
    return this.database.transaction(tenantId, async (tx) => (await this.named(tx, [await this.known(tx, conversationSid)]))[0]!);
  }

  list(tenantId: string, filter: ConversationFilter): Promise<NamedConversation[]> {
    return this.database.transaction(tenantId, async (tx) => {
      const contactIds = filter.address === null ? null : await this.contacts.idsAt(tx, filter.address);
      return this.named(tx, await this.conversations.list(tx, { ...filter, contactIds }));
    });
  }

  /** The thread after `afterSeq`, oldest first. */
  thread(tenantId: string, conversationSid: string, page: { afterSeq: number; limit: number }): Promise<Message[]> {
    return this.database.transaction(tenantId, async (tx) => {
      const { lastSeq } = await this.known(tx, conversationSid);
      return this.messages.between(tx, conversationSid, page.afterSeq, lastSeq, page.limit);
    });
  }

  /** The newest `limit` messages before `beforeSeq`, oldest first. */
  latest(tenantId: string, conversationSid: string, page: { limit: number; beforeSeq?: number }): Promise<Message[]> {
    return this.database.transaction(tenantId, (tx) => this.latestIn(tx, conversationSid, page));
  }

  /** The same within a transaction of the caller. */
  latestIn(tx: Tx, conversationSid: string, page: { limit: number; beforeSeq?: number }): Promise<Message[]> {
    return this.messages.latest(tx, conversationSid, page.limit, page.beforeSeq ?? null);
  }

  between(
    tenantId: string, conversationSid: string, range: { afterSeq: number; upToSeq: number; limit: number },
  ): Promise<Message[]> {
    return this.database.transaction(tenantId, (tx) =>
      this.messages.between(tx, conversationSid, range.afterSeq, range.upToSeq, range.limit));
  }

  /** The conversation in which what this address says is received now; null while there is none. */
  async sidAt(tx: Tx, channel: Channel, address: string): Promise<string | null> {
    const contact = await this.contacts.whoWrote(tx, { channel, address });
    return contact && this.conversations.sidOf(tx, contact.id);
  }

  /** What was said to and from one address; see MessagesRepository. */
  readonly atAddress = this.messages.atAddress.bind(this.messages);
  readonly firstUnderWay = this.messages.firstUnderWay.bind(this.messages);

  /** What has come in from an address and waits for its Conversation, with the ids that the messages will have. */
  readonly waitingFrom = this.receiving.waitingFrom.bind(this.receiving);

  participantsOf(tenantId: string, conversationSid: string): Promise<Participant[]> {
    return this.database.transaction(tenantId, async (tx) => {
      await this.known(tx, conversationSid);
      return this.participants.of(tx, conversationSid);
    });
  }

  /** Every change of state in the conversation: of its owner, its deliveries and whatever else has a machine. */
  transitions(tenantId: string, conversationSid: string, after: { at: Date; id: string } | null, limit: number): Promise<Transition[]> {
    return this.database.transaction(tenantId, async (tx) => {
      await this.known(tx, conversationSid);
      return this.history.list(tx, conversationSid, after, limit);
    });
  }

  /** Whether an answer may go to where the customer last wrote, as far as they are concerned. */
  readonly mayAnswer = this.speaking.mayAnswer.bind(this.speaking);

  /** For the delivery room, which needs the words and the way in its own transaction. */
  readonly messageIn = this.messages.find.bind(this.messages);

  /** An inbound message by the provider's id. */
  messageOf(tenantId: string, providerSid: string): Promise<Message | null> {
    return this.database.transaction(tenantId, (tx) => this.messages.ofProviderSid(tx, providerSid));
  }

  /** The same within a transaction of the caller. */
  readonly messageOfProvider = this.messages.ofProviderSid.bind(this.messages);

  async ownerOf(tx: Tx, conversationSid: string): Promise<Owner | null> {
    return (await this.conversations.find(tx, conversationSid))?.owner ?? null;
  }

  readonly lockMessage = this.messages.lock.bind(this.messages);
  /** What the message's deliveries have come to. */
  readonly setStatus = this.messages.setStatus.bind(this.messages);
  /** By which way the message really goes; null: as it was addressed. */
  readonly setVia = this.messages.setVia.bind(this.messages);

  /** What the person of this conversation is called, if we know. */
  async contactNameOf(tx: Tx, conversationSid: string): Promise<string | null> {
    const { contactId } = await this.known(tx, conversationSid);
    return (await this.contacts.names(tx, [contactId])).get(contactId) ?? null;
  }

  /** The addresses of the person of this conversation, and where they have written from, the newest first; also before a merge. */
  async whereReached(tx: Tx, conversationSid: string): Promise<{ addresses: Address[]; lastWrote: LastWrote[] }> {
    const { contactId } = await this.known(tx, conversationSid);
    const [addresses, person] = await Promise.all([this.contacts.addressesOf(tx, contactId), this.contacts.wholePerson(tx, contactId)]);
    return { addresses, lastWrote: await this.messages.lastWrote(tx, await this.conversations.sidsOf(tx, person)) };
  }

  /** Why the assistant's message comes too late: people have the word since. Null when they have not. */
  peopleSpokeSince(tx: Tx, message: Message): Promise<string | null> {
    return this.ownership.peopleSpokeSince(tx, message);
  }

  /** When the customer last wrote, on whichever channel. */
  lastInboundAt(tx: Tx, conversationSid: string): Promise<Date | null> {
    return this.messages.lastInboundAt(tx, conversationSid);
  }

  /** Messages to the same address that were said before this one and are still on their way. */
  underWayBefore(tx: Tx, message: Message): Promise<Message[]> {
    return this.messages.underWayBefore(tx, message);
  }

  /** The customer does not have the assistant's reply, and will not get it: people are asked to look. */
  replyLost(tx: Tx, messageId: string, why: string): Promise<void> {
    return this.ownership.replyLost(tx, messageId, why);
  }

  /** The next message that the Conversation lacks, marked as being posted. */
  async claimUnmirrored(tx: Tx, conversationSid: string): Promise<Unmirrored | null> {
    const claimed = await this.messages.claimUnmirrored(tx, conversationSid);
    if (!claimed) return null;
    const { tried, ...message } = claimed;
    const author = message.direction === 'inbound' ? await this.participants.find(tx, conversationSid, message.author) : null;
    return { message, tried, joining: author?.participantSid ? null : author };
  }

  /** @param sid the message's in the Conversation; null when the Conversation will never take it */
  noteMirrored(tx: Tx, messageId: string, sid: string | null): void {
    this.messages.setMirror(tx, messageId, sid ? 'mirrored' : 'failed', sid);
  }

  noteJoined(tenantId: string, { conversationSid, identity }: Participant, participantSid: string): Promise<void> {
    return this.database.transaction(tenantId, (tx) => this.participants.setSid(tx, conversationSid, identity, participantSid));
  }

  /** Takes the conversations that are to be compared with Twilio's now. */
  takeToCompare(tenantId: string, request: { since: Date; limit: number; now: Date }): Promise<string[]> {
    return this.database.transaction(tenantId, (tx) => this.conversations.takeToCompare(tx, request));
  }

  /** Of these sids of the provider's, the ones whose messages the record has. A stranger's may still wait for its Conversation. */
  providerSidsKnown(tenantId: string, sids: string[]): Promise<Set<string>> {
    return this.database.transaction(tenantId, (tx) => this.messages.knownProviderSids(tx, sids));
  }

  /** Of these sids of the Conversation's messages, the ones that the record has. */
  mirrorSidsKnown(tenantId: string, conversationSid: string, sids: string[]): Promise<Set<string>> {
    return this.database.transaction(tenantId, (tx) => this.messages.knownMirrorSids(tx, conversationSid, sids));
  }

  private async known(tx: Tx, conversationSid: string): Promise<Conversation> {
    const found = await this.conversations.find(tx, conversationSid);
    if (!found) throw notFound('conversation', conversationSid);
    return found;
  }

  private async named(tx: Tx, rows: Conversation[]): Promise<NamedConversation[]> {
    const pairs = rows.flatMap(({ replyChannel, replyAddress: address, replySender: sender }) =>
      (replyChannel === 'whatsapp' && address && sender ? [{ sender, address }] : []));
    const [names, windows] = await Promise.all([this.contacts.names(tx, rows.map((row) => row.contactId)), this.contacts.whatsappWindows(tx, pairs)]);
    const windowOf = (row: Conversation): WhatsappWindow | null =>
      (row.replyChannel === 'whatsapp' ? windows[pairs.findIndex(({ sender, address }) => sender === row.replySender && address === row.replyAddress)] : null) ?? null;
    return rows.map((row) => ({ ...row, contactName: names.get(row.contactId) ?? null, whatsappWindow: windowOf(row) }));
  }
}
