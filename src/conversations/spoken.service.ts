import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { notFound } from '@throughline/kernel/errors.js';
import { uuidOf, uuidv7 } from '@throughline/kernel/ids.js';
import { tell } from '@throughline/live/live.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsRepository, ParticipantsRepository } from './conversations.repository.js';
import type { Aloud, Channel, Conversation, Hearing, MessageDetails, MessageStatus, Settled } from './conversations.types.js';
import { type NewMessage, MessagesRepository } from './messages.repository.js';
import { type OwnershipChange, OwnershipService } from './ownership.service.js';
import { SpokenRepository } from './spoken.repository.js';

/** What the caller has said. */
export interface Heard {
  conversationSid: string;
  body: string;
  aloud: Aloud;
  /** What it is besides its words: keys that were pressed. */
  remarks?: string[];
  /** The same one twice is heard once. */
  key: string;
  /** What was said to them before, and how much of it they heard. */
  before?: readonly Settled[];
  /** Its words are still being written down: see `writeDown`. */
  isUnwritten?: boolean;
}

/** What is written to somebody who is on the phone. */
export interface TextDuring {
  conversationSid: string;
  epoch: number;
  turnId: string;
  body: string;
  address: string;
  sender: string;
}

/** A message of a customer, as whoever listens is told of it. */
export interface Recorded {
  conversationSid: string;
  seq: number;
  channel: Channel;
  body: string;
  details: MessageDetails | null;
  /** No turn of the assistant looks at it. */
  isUnseen: boolean;
}

/** Told of each message of a customer, in the transaction that records it. */
export type Listener = (tx: Tx, message: Recorded) => Promise<void>;

const UNWRITTEN = 'said, and not written down';

const STATUS: Record<Hearing, MessageStatus> = { heard: 'delivered', cut: 'delivered', unheard: 'undelivered', broken: 'delivered' };
const CAUSE: Record<Hearing, string | null> = {
  heard: null, cut: 'The caller spoke: they heard it up to here.', unheard: 'The caller spoke before any of it was heard.', broken: 'The line broke while this was said.',
};

/** Words of a phone call. They are in the thread as soon as they are said, are copied like all others, and are never sent anywhere. */
@Injectable()
export class SpokenService {
  private readonly conversations = new ConversationsRepository();
  private readonly messages = new MessagesRepository();
  private readonly participants = new ParticipantsRepository();
  private readonly spoken = new SpokenRepository();
  private listener: Listener | null = null;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly ownership: OwnershipService,
    private readonly contacts: ContactsService,
  ) {}

  listen(listener: Listener): void {
    this.listener = listener;
  }

  /**
   * The caller's words. Nobody waits here for the disk: what follows from them (an answer, a tool) is committed later and waits for both.
   *
   * @returns the conversation as it is with them
   */
  async hear(tenantId: string, { conversationSid, body, aloud, key, remarks = [], before = [], isUnwritten = false }: Heard): Promise<Conversation> {
    return this.database.note(tenantId, async (tx) => {
      const [locked, known] = await Promise.all([this.held(tx, conversationSid), this.messages.knownProviderSids(tx, [key])]);
      for (const settled of before) this.settleIn(tx, conversationSid, settled);
      if (known.size > 0) return locked;
      const at = this.clock.now();
      const seq = locked.lastSeq + 1;
      const author = this.contacts.identityOf('voice', aloud.address);
      const id = uuidv7(at.getTime());
      await this.messages.insert(tx, {
        ...this.row(tx, locked, aloud), id, seq, direction: 'inbound', authorKind: 'contact', author, body, status: isUnwritten ? 'sending' : 'received', providerSid: key, createdAt: at,
        details: { call: aloud.call, words: isUnwritten ? [UNWRITTEN] : remarks },
      });
      this.spoken.noteHeard(tx, conversationSid, { seq, address: aloud.address, sender: aloud.sender }, at, aloud.call.proved);
      this.joins(tx, conversationSid, aloud.address);
      this.outbox.enqueue(tx, { name: 'conversations.mirror', payload: { conversationSid } });
      tx.afterCommit(() => tell('recorded', { tenantId, channel: 'voice', address: aloud.address, messageId: id }));
      const noted = { ...locked, lastSeq: seq, lastInboundSeq: aloud.call.proved ? seq : locked.lastInboundSeq, lastActivityAt: at };
      const opened = (await this.ownership.apply(tx, noted, { event: 'customer_wrote', cause: 'the customer spoke' })) ?? noted;
      await this.listener?.(tx, { conversationSid, seq, channel: 'voice', body, details: null, isUnseen: body !== '' && opened.owner !== 'assistant' });
      return opened;
    });
  }

  /** What the caller said, once it is written down: in its place, however late. Twice is once. @param body empty where it could not be made out */
  async writeDown(tenantId: string, conversationSid: string, key: string, body: string): Promise<void> {
    await this.database.transaction(tenantId, async (tx) => {
      const { owner } = await this.held(tx, conversationSid);
      const seq = await this.spoken.writeDown(tx, key, body, body === '' ? [UNWRITTEN] : [], [UNWRITTEN]);
      if (seq === null) return;
      await this.listener?.(tx, { conversationSid, seq, channel: 'voice', body, details: null, isUnseen: body !== '' && owner !== 'assistant' });
      this.outbox.enqueue(tx, { name: 'conversations.mirror', payload: { conversationSid } });
    });
  }

  /** Those of these conversations that are there, as they are now. */
  async among(tenantId: string, conversationSids: string[]): Promise<Map<string, Conversation>> {
    const found = await this.database.transaction(tenantId, (tx) => this.conversations.among(tx, conversationSids));
    return new Map(found.map((conversation) => [conversation.conversationSid, conversation]));
  }

  /** The number of a call takes part in the conversation. Twice is once. */
  joins(tx: Tx, conversationSid: string, address: string): void {
    this.participants.add(
      tx, { conversationSid, identity: this.contacts.identityOf('voice', address), channel: 'voice', address, participantSid: null }, this.clock.now(),
    );
  }

  /** The house itself says something: a greeting, a question whether somebody is there. @returns the message's id */
  async announce(tenantId: string, conversationSid: string, body: string, aloud: Aloud): Promise<string> {
    return this.database.transaction(tenantId, async (tx) => {
      const locked = await this.held(tx, conversationSid);
      const at = this.clock.now();
      const [id, seq] = [uuidv7(at.getTime()), locked.lastSeq + 1];
      await this.messages.insert(tx, {
        ...this.row(tx, locked, aloud), id, seq, direction: 'outbound', authorKind: 'system', author: 'system', body, status: 'sending', providerSid: null, createdAt: at,
      });
      this.conversations.noteSpoken(tx, conversationSid, seq, at);
      return id;
    });
  }

  /**
   * A text to the caller's own phone while they are on it. One for each turn, however often that is thought of.
   *
   * @returns why it is not sent, in words; null when it is
   */
  async textDuring(tenantId: string, { conversationSid, epoch, turnId, body, address, sender }: TextDuring): Promise<string | null> {
    return this.database.transaction(tenantId, async (tx) => {
      const locked = await this.held(tx, conversationSid);
      if (locked.owner !== 'assistant' || locked.epoch !== epoch) return 'A colleague has the word';
      const id = uuidOf(`${turnId}/text`);
      const unwanted = await this.contacts.whyNotWrite(tx, { channel: 'sms', address, sender }, { id, purpose: 'service' });
      if (unwanted) return unwanted;
      await this.writes(tx, locked, { id, authorKind: 'assistant', channel: 'sms', address, sender, body, turnId: null });
      return null;
    });
  }

  /**
   * The house itself writes to a customer who waits for something, whoever answers them otherwise. Once for each key.
   *
   * @param textFrom a number of ours, for somebody who has only called
   * @returns why it is not sent, in words; null when it is, or was
   */
  async tells(tx: Tx, { conversationSid, body, key, textFrom }: { conversationSid: string; body: string; key: string; textFrom: string | null }): Promise<string | null> {
    const locked = await this.held(tx, conversationSid);
    const { replyAddress: address, replyChannel } = locked;
    const [channel, sender] = replyChannel === 'voice' ? ['sms' as const, textFrom] : [replyChannel, locked.replySender];
    if (!address || !sender || !channel) return 'there is nowhere to write to';
    // Anybody can show a number.
    if (replyChannel === 'voice' && !this.contacts.isKnown(await this.contacts.trustOf(tx, 'voice', address))) return 'their number is not confirmed';
    const at = this.clock.now();
    const id = uuidv7(at.getTime());
    const unwanted = await this.contacts.whyNotWrite(tx, { channel, address, sender }, { id, purpose: 'service' });
    if (unwanted) return unwanted;
    await this.writes(tx, locked, { id, authorKind: 'system', channel, address, sender, body, turnId: key });
    return null;
  }

  private async writes(
    tx: Tx, { conversationSid, lastSeq }: Conversation, what: Pick<NewMessage, 'id' | 'authorKind' | 'channel' | 'address' | 'sender' | 'body' | 'turnId'>,
  ): Promise<void> {
    const at = this.clock.now();
    const fresh = await this.messages.insert(tx, {
      ...what, tenantId: tx.tenantId, conversationSid, seq: lastSeq + 1, direction: 'outbound', author: what.authorKind, media: [], status: 'pending', providerSid: null,
      mirrorState: 'pending', mirrorSid: null, createdAt: at,
    });
    if (!fresh) return;
    this.conversations.noteSpoken(tx, conversationSid, lastSeq + 1, at);
    this.outbox.enqueue(tx, { name: 'delivery.send', payload: { messageId: what.id } }, { name: 'conversations.mirror', payload: { conversationSid } });
  }

  /** A line in the thread for the assistant and for colleagues, which nobody is sent. @param isHearsay it quotes who has not shown who they are: for colleagues alone */
  async note(tx: Tx, conversationSid: string, body: string, isHearsay = false): Promise<void> {
    const locked = await this.held(tx, conversationSid);
    const at = this.clock.now();
    const [id, seq] = [uuidv7(at.getTime()), locked.lastSeq + 1];
    await this.messages.insert(tx, {
      id, tenantId: tx.tenantId, conversationSid, seq, direction: 'internal', authorKind: 'system', author: 'system', channel: 'internal', address: null, sender: null,
      body, media: [], details: isHearsay ? { words: [], hearsay: true } : null, status: 'noted', providerSid: null, turnId: null, mirrorState: 'none', mirrorSid: null, createdAt: at,
    });
    this.conversations.noteSpoken(tx, conversationSid, seq, at);
  }

  /** The conversation itself, or where its person was merged into another one, theirs. Null for one that is not there. */
  async goesOnIn(tx: Tx, conversationSid: string): Promise<Conversation | null> {
    let found = await this.conversations.find(tx, conversationSid);
    while (found?.mergedInto) {
      const sid = await this.conversations.sidOf(tx, found.mergedInto);
      found = sid ? await this.conversations.find(tx, sid) : null;
    }
    return found;
  }

  /** This conversation, and every other one of its person: those that were merged into it, and the one into which it was. */
  async allOfPerson(tx: Tx, conversationSid: string): Promise<string[]> {
    const found = await this.conversations.find(tx, conversationSid);
    const all = found ? await this.conversations.sidsOf(tx, await this.contacts.wholePerson(tx, found.contactId)) : [];
    return [...new Set([conversationSid, ...all])];
  }

  leaveNote(tenantId: string, conversationSid: string, body: string, isHearsay: boolean): Promise<void> {
    return this.database.transaction(tenantId, (tx) => this.note(tx, conversationSid, body, isHearsay));
  }

  /** They want no more of it at the number they speak from, as this message of theirs says, which they spoke. */
  async endAt(tenantId: string, conversationSid: string, messageId: string, channels: readonly string[]): Promise<void> {
    await this.database.transaction(tenantId, async (tx) => {
      const { contactId } = await this.held(tx, conversationSid);
      const said = await this.messages.find(tx, messageId);
      if (said?.channel !== 'voice' || !said.address) return;
      for (const channel of channels) await this.contacts.withdraw(tx, { ...said, channel, address: said.address }, 'address', { contactId, confirmationId: null });
    });
  }

  /** Somebody else speaks with the caller from now on. Where that means nothing it changes nothing. */
  async changeOwner(tx: Tx, conversationSid: string, change: OwnershipChange): Promise<void> {
    await this.ownership.apply(tx, await this.held(tx, conversationSid), change);
  }

  /** More of it is said. What a crash leaves behind is what was noted last. */
  grow(tenantId: string, messageId: string, body: string): Promise<void> {
    return this.database.note(tenantId, (tx) => this.spoken.grow(tx, messageId, body));
  }

  /** What has been said is said. Once: whatever comes later changes nothing. */
  async settle(tenantId: string, conversationSid: string, messageId: string, body: string, hearing: Hearing): Promise<void> {
    await this.database.transaction(tenantId, (tx) => this.settleIn(tx, conversationSid, { messageId, body, hearing }));
  }

  /** What is being said in a call, oldest first. */
  underWay(tenantId: string, conversationSid: string, callSid: string): Promise<{ id: string; body: string }[]> {
    return this.database.transaction(tenantId, (tx) => this.spoken.unsettled(tx, conversationSid, callSid));
  }

  /** Nobody speaks in this call any more: what was being said has been said, as far as it was noted. */
  async settleAll(tx: Tx, conversationSid: string, callSid: string, hearing: Hearing): Promise<void> {
    const unwritten = await this.spoken.unwritten(tx, conversationSid, callSid);
    for (const key of unwritten) await this.spoken.writeDown(tx, key, '', [UNWRITTEN], [UNWRITTEN]);
    if (unwritten.length > 0) this.outbox.enqueue(tx, { name: 'conversations.mirror', payload: { conversationSid } });
    for (const { id, body } of await this.spoken.unsettled(tx, conversationSid, callSid)) this.settleIn(tx, conversationSid, { messageId: id, body, hearing });
  }

  private settleIn(tx: Tx, conversationSid: string, { messageId, body, hearing }: Settled): void {
    this.spoken.settle(tx, messageId, { body, status: STATUS[hearing], cause: CAUSE[hearing], mirrored: hearing !== 'unheard', keepsTurn: hearing !== 'broken' });
    this.outbox.enqueue(tx, { name: 'conversations.mirror', payload: { conversationSid } });
  }

  private async held(tx: Tx, conversationSid: string): Promise<Conversation> {
    const locked = await this.conversations.lock(tx, conversationSid);
    if (!locked) throw notFound('conversation', conversationSid);
    return locked;
  }

  private row(tx: Tx, { conversationSid }: Conversation, { address, sender, call }: Aloud): Pick<NewMessage,
    'tenantId' | 'conversationSid' | 'channel' | 'address' | 'sender' | 'media' | 'details' | 'turnId' | 'mirrorState' | 'mirrorSid'> {
    return {
      tenantId: tx.tenantId, conversationSid, channel: 'voice', address, sender, media: [], details: { call, words: [] }, turnId: null, mirrorState: 'pending', mirrorSid: null,
    };
  }
}
