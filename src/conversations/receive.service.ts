import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { reach } from '@throughline/kernel/points.js';
import { oneLine } from '@throughline/kernel/words.js';
import { tell } from '@throughline/live/live.js';
import { type JobRequest, Outbox } from '@throughline/queues/outbox.js';
import { AppConfig } from '../app.config.js';
import { ContactsService } from '../contacts/contacts.service.js';
import type { Contact } from '../contacts/contacts.types.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { chosenIn, isNumber, isUnproved, quietMs } from './conversations.policy.js';
import { ConversationsRepository, ParticipantsRepository } from './conversations.repository.js';
import { type Channel, type Conversation, type InboundMessage, type MessageDetails, RECONCILE_EVERY_MS, RETAIN_EVERY_MS, type ReceiveOutcome } from './conversations.types.js';
import { InboxRepository } from './inbox.repository.js';
import { MessagesRepository } from './messages.repository.js';
import { OwnershipService } from './ownership.service.js';
import type { Listener } from './spoken.service.js';

/** A customer's message comes in: once, whatever the provider does. */
@Injectable()
export class ReceiveService {
  private readonly conversations = new ConversationsRepository();
  private readonly messages = new MessagesRepository();
  private readonly participants = new ParticipantsRepository();
  private readonly inbox = new InboxRepository();
  private diversion: ((tenantId: string, message: InboundMessage) => Promise<boolean>) | null = null;
  private listener: Listener | null = null;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly contacts: ContactsService,
    private readonly ownership: OwnershipService,
    private readonly config: AppConfig,
  ) {}

  listen(listener: Listener): void {
    this.listener = listener;
  }

  /** Asked first of each message that comes in: what it takes is no customer's. Asked again for the same message, it says the same. */
  divert(diversion: (tenantId: string, message: InboundMessage) => Promise<boolean>): void {
    this.diversion = diversion;
  }

  /**
   * One short transaction. Somebody we know is received at once; a stranger's message is kept, and a job makes
   * the Conversation first, because no webhook waits for Twilio.
   */
  async receive(tenant: Tenant, message: InboundMessage): Promise<ReceiveOutcome> {
    if (await this.diversion?.(tenant.id, message)) return { outcome: 'taken' };
    for (;;) {
      const outcome = await this.database.transaction(tenant.id, (tx) => this.receiveOrKeep(tx, tenant, message));
      if (outcome === 'moved') continue;
      await reach(outcome.outcome === 'stored' ? 'inbox.stored' : 'receive.committed');
      return outcome;
    }
  }

  /**
   * While we waited for the conversation's row, a merge or its undoing may have given the address to somebody else. Then this
   * transaction ends and lets go of the row, because whoever waits for a second one while holding a first may wait for ever.
   */
  private async receiveOrKeep(tx: Tx, tenant: Tenant, message: InboundMessage): Promise<ReceiveOutcome | 'moved'> {
    const contact = await this.contacts.whoWrote(tx, message);
    if (!contact) return this.keep(tx, message);
    const [conversation, present, waiting] = await Promise.all([
      this.conversations.lockOfContact(tx, contact.id), this.contacts.whoWrote(tx, message), this.inbox.waiting(tx, message.providerSid),
    ]);
    if (present?.id !== contact.id) return 'moved';
    // What was kept before there was a Conversation is received as it was kept: with its files, and under the id that its page knows.
    return conversation && waiting === null ? this.record(tx, tenant, conversation, message) : this.keep(tx, message);
  }

  /** Asking again for a message that still waits makes sure of its job too: it may have been set aside. */
  private async keep(tx: Tx, message: InboundMessage): Promise<ReceiveOutcome> {
    if ((await this.messages.knownProviderSids(tx, [message.providerSid])).size > 0) return { outcome: 'duplicate' };
    const freshId = uuidv7(this.clock.ms());
    const fresh = await this.inbox.insert(tx, freshId, message);
    const inboxId = fresh ? freshId : await this.inbox.waiting(tx, message.providerSid);
    if (inboxId) this.outbox.enqueue(tx, { name: 'inbox.receive', payload: { inboxId }, key: inboxId });
    return fresh ? { outcome: 'stored', inboxId: freshId } : { outcome: 'duplicate' };
  }

  /** The message as it was kept, unless it has been received since. */
  async kept(tenantId: string, inboxId: string): Promise<InboundMessage | null> {
    return this.database.transaction(tenantId, (tx) => this.inbox.open(tx, inboxId));
  }

  async waitingFrom(tx: Tx, channel: Channel, address: string): Promise<{ id: string; message: InboundMessage }[]> {
    return (await this.inbox.openOf(tx, address)).filter(({ message }) => message.channel === channel);
  }

  /**
   * Receives a kept message into the Conversation that exists by now, and with it all others of that person, so that
   * whichever job comes first they keep their order. Running twice receives them once.
   */
  async receiveKept(tenant: Tenant, inboxId: string, conversationSid: string): Promise<void> {
    await this.database.transaction(tenant.id, async (tx) => {
      const message = await this.inbox.open(tx, inboxId);
      if (!message) return;
      const contact = await this.holdAuthor(tx, message);
      await this.begin(tx, contact.id, conversationSid, message.receivedAt);
      await this.receiveOpen(tx, tenant, contact.id, message.address);
    });
    await reach('receive.committed');
  }

  /** The conversation of a contact that has none yet. It is locked from here on. Twice is once. */
  async begin(tx: Tx, contactId: string, conversationSid: string, at: Date): Promise<Conversation> {
    const created = await this.conversations.insert(tx, conversationSid, contactId, at);
    const conversation = (await this.conversations.lockOfContact(tx, contactId))!;
    if (!created) return conversation;
    await this.ownership.startClock(tx, conversation);
    // The tenant's first conversation starts its periodic jobs, which then keep themselves going.
    this.outbox.enqueue(
      tx,
      { name: 'conversations.reconcile', payload: {}, key: 'periodic', dueAt: this.clock.in(RECONCILE_EVERY_MS) },
      { name: 'privacy.retain', payload: {}, key: 'periodic', dueAt: this.clock.in(RETAIN_EVERY_MS) },
    );
    return conversation;
  }

  /** Whoever the address belongs to, and will until this transaction is over. */
  private async holdAuthor(tx: Tx, message: InboundMessage): Promise<Contact> {
    const found = await this.contacts.findOrCreate(tx, message);
    const held = await this.contacts.hold(tx, found.id);
    const present = await this.contacts.whoWrote(tx, message);
    return present?.id === held.id ? held : this.holdAuthor(tx, message);
  }

  /** The conversation's row is locked by now, so nobody else is receiving these. */
  private async receiveOpen(tx: Tx, tenant: Tenant, contactId: string, address: string): Promise<void> {
    for (const { id, message } of await this.inbox.openOf(tx, address)) {
      const author = await this.contacts.findOrCreate(tx, message);
      if (author.id !== contactId) continue;
      await this.record(tx, tenant, (await this.conversations.lockOfContact(tx, contactId))!, message, id);
      this.inbox.done(tx, id, this.clock.now());
    }
  }

  /**
   * Writes the message into a conversation whose row this transaction holds locked.
   *
   * @param id under which it was kept, and may have been shown, before
   */
  private async record(tx: Tx, tenant: Tenant, locked: Conversation, message: InboundMessage, id = uuidv7(this.clock.ms())): Promise<ReceiveOutcome> {
    const { conversationSid } = locked;
    const { channel, address, sender, body, media, providerSid } = message;
    const word = message.unanswered ? null : await this.contacts.consentWordIn(tx, message);
    const details = remarked(await this.detailsOf(tx, conversationSid, message), word?.unheard);
    const at = this.clock.now();
    const author = this.contacts.identityOf(channel, address);
    const seq = locked.lastSeq + 1;
    const fresh = await this.messages.insertInbound(tx, {
      id, tenantId: tx.tenantId, conversationSid, seq, direction: 'inbound', authorKind: 'contact', author, channel, address, sender,
      body, media, details, status: 'received', providerSid, turnId: null, mirrorState: 'pending', mirrorSid: null, createdAt: message.receivedAt,
    }, at, !word && !message.unanswered);
    if (!fresh) return { outcome: 'duplicate' };
    this.contacts.noteWrote(tx, locked.contactId, message);
    const confirmationId = word?.confirmation ? uuidv7(at.getTime()) : null;
    if (word) await this.contacts.hearConsent(tx, message, word, { contactId: locked.contactId, messageId: id, confirmationId });
    if (locked.replyChannel !== channel || locked.replyAddress !== address) {
      this.participants.add(tx, { conversationSid, identity: author, channel, address, participantSid: null }, at);
    }
    const lastSeq = confirmationId ? seq + 1 : seq;
    if (confirmationId) await this.confirm(tx, { id: confirmationId, conversationSid, channel, address, sender, seq: lastSeq, body: word!.confirmation! });
    const noted = { ...locked, lastSeq, lastInboundSeq: word || message.unanswered ? locked.lastInboundSeq : seq, lastActivityAt: at };
    if (media.length > 0) this.outbox.enqueue(tx, { name: 'media.fetch', payload: { messageId: id } });
    const answer = await this.answerOf(tx, tenant, noted, message, word);
    await this.listener?.(tx, { conversationSid, seq, channel, body, details, isUnseen: !word && answer.length === 0 });
    this.outbox.enqueue(tx, { name: 'conversations.mirror', payload: { conversationSid } }, ...answer);
    tx.afterCommit(() => tell('recorded', { tenantId: tenant.id, channel, address, messageId: id }));
    return { outcome: 'received', messageId: id, conversationSid, seq };
  }

  /**
   * Who has no buttons answers with the number of a line: that is the tap on it. Only where it was said: others have not
   * seen the lines. What the provider says was tapped stands.
   */
  private async detailsOf(tx: Tx, conversationSid: string, { body, address, details }: InboundMessage): Promise<MessageDetails | null> {
    if (details?.button || details?.list || !isNumber(body)) return details ?? null;
    const said = await this.messages.lastSaid(tx, conversationSid);
    const button = [said?.address, said?.via?.address].includes(address) ? chosenIn(body, said?.details?.buttons ?? []) : null;
    if (!button) return details ?? null;
    return { ...details, button: { text: button.text, payload: button.id }, words: [...(details?.words ?? []), oneLine(`chose: ${button.text}`)] };
  }

  /** The house's own answer to a word about consent that nobody else confirms, to where it came from. */
  private async confirm(
    tx: Tx, confirmation: Pick<InboundMessage, 'channel' | 'address' | 'sender' | 'body'> & { id: string; conversationSid: string; seq: number },
  ): Promise<void> {
    const createdAt = this.clock.now();
    await this.messages.insert(tx, {
      ...confirmation, tenantId: tx.tenantId, direction: 'outbound', authorKind: 'system', author: 'system', media: [],
      status: 'pending', providerSid: null, turnId: null, mirrorState: 'pending', mirrorSid: null, createdAt,
    });
    this.conversations.noteSpoken(tx, confirmation.conversationSid, confirmation.seq, createdAt);
    this.outbox.enqueue(tx, { name: 'delivery.send', payload: { messageId: confirmation.id } });
  }

  /** The turn that this message asks for, if the assistant is the one to answer. */
  private async answerOf(
    tx: Tx, tenant: Tenant, noted: Conversation, { channel, unanswered, details }: InboundMessage, word: { unheard?: string } | null,
  ): Promise<JobRequest[]> {
    if (unanswered && !unanswered.people) return [];
    const opened = (await this.ownership.apply(tx, noted, { event: 'customer_wrote', cause: 'the customer wrote' })) ?? noted;
    if ((word && !word.unheard) || opened.owner !== 'assistant') return [];
    if (unanswered || word || !tenant.settings.assistant.enabled) {
      await this.ownership.apply(tx, opened, { event: 'assistant_handed_off', cause: word?.unheard ?? unanswered?.why ?? 'the assistant is switched off', isUnproved: isUnproved(details, tenant.settings.assistant.enabled), recordedSeq: noted.lastSeq });
      return [];
    }
    const dueAt = this.clock.in(quietMs(channel, tenant.settings.quietMs, this.config.turnQuietMs));
    return [{ name: 'assistant.turn', payload: { conversationSid: noted.conversationSid, upToSeq: noted.lastInboundSeq }, dueAt }];
  }
}

const remarked = (details: MessageDetails | null, remark: string | undefined): MessageDetails | null =>
  remark ? { ...details, words: [...(details?.words ?? []), remark] } : details;
