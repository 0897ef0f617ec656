import type {
  AddressConfiguration, ChatService, Content, Conversation, ConversationMessage, ConversationsDefaults, HookSettings,
  Message, MessagingService, OptOut, OwnNumber, Participant, PendingHook, Phone, Receipt, Role, ScopedWebhook, User, Verification, VerifyService,
} from './entities.js';
import type { Answering, Conference, PhoneCall, Recording } from './voice/rows.js';
import { Journal, type JournalLine } from './journal.js';
import { Table, type Row } from './table.js';

/** All that the simulator knows, in tables that write themselves to the journal. */
export class Store {
  private readonly tables: Table<Row>[] = [];

  readonly numbers = this.table<OwnNumber>('numbers');
  readonly messagingServices = this.table<MessagingService>('messagingServices');
  readonly messages = this.table<Message>('messages');
  readonly phones = this.table<Phone>('phones');
  readonly contents = this.table<Content>('contents');
  readonly optOuts = this.table<OptOut>('optOuts');
  readonly hooks = this.table<PendingHook>('hooks');
  readonly services = this.table<ChatService>('services');
  readonly roles = this.table<Role>('roles');
  readonly defaults = this.table<ConversationsDefaults>('defaults');
  readonly hookSettings = this.table<HookSettings>('hookSettings');
  readonly conversations = this.table<Conversation>('conversations');
  readonly participants = this.table<Participant>('participants');
  readonly conversationMessages = this.table<ConversationMessage>('conversationMessages');
  readonly receipts = this.table<Receipt>('receipts');
  readonly scopedWebhooks = this.table<ScopedWebhook>('scopedWebhooks');
  readonly addresses = this.table<AddressConfiguration>('addresses');
  readonly users = this.table<User>('users');
  readonly verifyServices = this.table<VerifyService>('verifyServices');
  readonly verifications = this.table<Verification>('verifications');
  readonly calls = this.table<PhoneCall>('calls');
  readonly recordings = this.table<Recording>('recordings');
  readonly conferences = this.table<Conference>('conferences');
  readonly answering = this.table<Answering>('answering');

  readonly numberByAddress = this.numbers.index((row) => row.phoneNumber);
  readonly numbersByAccount = this.numbers.index((row) => row.accountSid);
  readonly numbersByService = this.numbers.index((row) => row.messagingServiceSid);
  readonly messagingServicesByAccount = this.messagingServices.index((row) => row.accountSid);
  readonly messagesByAccount = this.messages.index((row) => (row.listed ? row.accountSid : null));
  readonly messagesByPhone = this.messages.index((row) => (row.direction === 'inbound' ? row.from : row.to));
  readonly messagesByTo = this.messages.index((row) => (row.listed ? `${row.accountSid} ${row.to}` : null));
  readonly messagesByFrom = this.messages.index((row) => (row.listed ? `${row.accountSid} ${row.from}` : null));
  readonly optOutsByRecipient = this.optOuts.index((row) => row.recipient);
  readonly servicesByAccount = this.services.index((row) => row.accountSid);
  readonly rolesByService = this.roles.index((row) => row.serviceSid);
  readonly conversationsByService = this.conversations.index((row) => row.serviceSid);
  readonly conversationByName = this.conversations.index((row) => within(row, row.uniqueName));
  readonly participantsByConversation = this.participants.index((row) => row.conversationSid);
  readonly participantsByPair = this.participants.index((row) => pairOf(row));
  readonly participantsByAddress = this.participants.index((row) => within(row, row.binding?.address ?? null));
  readonly participantsByIdentity = this.participants.index((row) => within(row, row.identity));
  readonly messagesByConversation = this.conversationMessages.index((row) => row.conversationSid);
  readonly receiptsByMessage = this.receipts.index((row) => row.messageSid);
  readonly scopedByConversation = this.scopedWebhooks.index((row) => row.conversationSid);
  readonly addressesByAccount = this.addresses.index((row) => row.accountSid);
  readonly addressByName = this.addresses.index((row) => `${row.accountSid} ${row.address}`);
  readonly usersByService = this.users.index((row) => row.serviceSid);
  readonly userByIdentity = this.users.index((row) => within(row, row.identity));
  readonly verifyServicesByAccount = this.verifyServices.index((row) => row.accountSid);
  readonly callsByAccount = this.calls.index((row) => row.accountSid);
  readonly recordingsByAccount = this.recordings.index((row) => row.accountSid);
  readonly conferencesByAccount = this.conferences.index((row) => row.accountSid);
  readonly verificationsByTo = this.verifications.index((row) => `${row.serviceSid} ${row.to}`);

  private readonly journal: Journal;

  constructor(file?: string) {
    this.journal = new Journal(file);
    this.replay();
  }

  /** Writes the file anew with what is left of it: the state, one line a row. */
  compact(): void {
    this.journal.rewrite(this.lines());
  }

  /** Forgets everything but the numbers. */
  reset(): void {
    for (const table of this.tables) if (table.name !== 'numbers') table.clear();
    for (const number of this.numbers.all()) {
      number.messagingServiceSid = null;
      this.numbers.put(number);
    }
    this.compact();
  }

  dump(): Record<string, Row[]> {
    return Object.fromEntries(this.tables.map((table) => [table.name, table.all()]));
  }

  close(): void {
    this.journal.close();
  }

  private table<T extends Row>(name: string): Table<T> {
    // Tables are made before the journal is opened, so they reach it through this object.
    const table = new Table<T>(name, { append: (line: JournalLine) => this.journal?.append(line) });
    this.tables.push(table as unknown as Table<Row>);
    return table;
  }

  private replay(): void {
    const byName = new Map(this.tables.map((table) => [table.name, table]));
    for (const line of this.journal.read()) {
      const table = byName.get(line.t);
      if ('d' in line) table?.take(line.d);
      else table?.put(line.r as Row);
    }
    this.compact();
  }

  private *lines(): Generator<JournalLine> {
    for (const table of this.tables) for (const row of table.all()) yield { t: table.name, r: row };
  }
}

/** Names are unique within a conversation service. */
const within = (row: { serviceSid: string }, name: string | null): string | null =>
  name === null ? null : `${row.serviceSid} ${name}`;

export const pairKey = (accountSid: string, address: string, proxy: string): string => `${accountSid} ${address} ${proxy}`;

function pairOf(row: Participant): string | null {
  const { address, proxyAddress } = row.binding ?? {};
  return address && proxyAddress ? pairKey(row.accountSid, address, proxyAddress) : null;
}
