import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError, notFound } from '@throughline/kernel/errors.js';
import { isUuid, uuidv7 } from '@throughline/kernel/ids.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { identityOf, isPhoneNumber, parseAddress, personKey, ringsAt, wireAddress } from './address.js';
import { ConsentsService, type Heard } from './consents.service.js';
import type {
  Address, Consent, Contact, Merge, Merging, Purpose, Reach, TextFrom, Trust, WhatsappPair, WhatsappWindow, Writer,
} from './contacts.types.js';
import { ContactsRepository } from './contacts.repository.js';
import { MergesService } from './merges.service.js';
import type { HeardWord } from './optout.policy.js';
import { type QuietHours, quietUntil } from './quiet-hours.policy.js';
import { timeZoneOf } from './time-zone.policy.js';
import { isAtLeast, isKnown, trustIn } from './trust.policy.js';
import { VerificationService } from './verification.service.js';
import { windowAt } from './window.policy.js';
import { WindowsRepository } from './windows.repository.js';
import type { Extent } from './withdrawal.policy.js';

export interface ContactWithAddresses extends Contact {
  addresses: Address[];
}

/** Numbers under which they may be known on another channel. */
const phonesOf = ({ address, alsoKnownAs }: Writer): string[] => [address, alsoKnownAs ?? ''].filter(isPhoneNumber);

/** People, their addresses, and whether we may write to them. */
@Injectable()
export class ContactsService {
  private readonly contacts = new ContactsRepository();
  private readonly windows = new WindowsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly consents: ConsentsService,
    private readonly merges: MergesService,
    private readonly outbox: Outbox,
    /** Codes that show whose a number is. */
    readonly verification: VerificationService,
  ) {}

  readonly identityOf = identityOf;
  readonly parseAddress = parseAddress;
  readonly wireAddress = wireAddress;

  /** Whose address this is, or whose other name is given beside it. */
  async whoWrote(tx: Tx, { channel, address, alsoKnownAs }: Writer): Promise<Contact | null> {
    const known = await this.contacts.findByAddress(tx, channel, address);
    return known ?? (alsoKnownAs ? this.contacts.findByAddress(tx, channel, alsoKnownAs) : null);
  }

  /** The person behind an address, made on first sight. Two at once end with one contact. */
  async findOrCreate(tx: Tx, writer: Writer): Promise<Contact> {
    const { channel, address, displayName } = writer;
    const trust = trustIn(writer);
    const known = (await this.whoWrote(tx, writer)) ?? (isKnown(trust) ? await this.contacts.findByPhone(tx, phonesOf(writer)) : null);
    const createdAt = this.clock.now();
    const { id: contactId } = known ?? await this.contacts.upsert(tx, {
      mergedInto: null, id: uuidv7(createdAt.getTime()), tenantId: tx.tenantId, personKey: personKey(channel, address, trust), displayName: displayName ?? null, createdAt,
    });
    const contact = await this.hold(tx, contactId);
    this.noteAddresses(tx, contact.id, writer);
    return contact;
  }

  private noteAddresses(tx: Tx, contactId: string, writer: Writer): void {
    const { channel, address, alsoKnownAs } = writer;
    const [createdAt, trust] = [this.clock.now(), trustIn(writer)];
    for (const [each, beside] of alsoKnownAs ? [[address, alsoKnownAs], [alsoKnownAs, address]] as const : [[address, null]] as const) {
      this.contacts.addAddress(tx, { id: uuidv7(createdAt.getTime()), tenantId: tx.tenantId, contactId, channel, address: each, beside, trust, createdAt });
    }
  }

  /** The contact, or the one that goes on instead of it. It stays so until this transaction is over. @throws HubError when it was erased meanwhile */
  async hold(tx: Tx, contactId: string): Promise<Contact> {
    const contact = await this.contacts.lock(tx, contactId);
    // Whoever tries again finds somebody new.
    if (!contact) throw new HubError('unavailable', 'contact_erased', `Contact ${contactId} was erased meanwhile.`);
    return contact.mergedInto ? this.hold(tx, contact.mergedInto) : contact;
  }

  /**
   * A code has shown that whoever writes from there owns this number. What they write is known to be theirs from here on, and they are one
   * person with whoever the number belongs to, as soon as no specialist speaks to either. Twice is once.
   */
  async prove(tx: Tx, writer: Writer, phone: string): Promise<void> {
    const contact = await this.findOrCreate(tx, writer);
    this.contacts.setTrustAt(tx, writer.channel, writer.address, 'verified');
    const owner = await this.findOrCreate(tx, { channel: 'sms', address: phone, trust: 'verified' });
    if (owner.id !== contact.id) this.outbox.enqueue(tx, { name: 'conversations.unite', payload: { contactId: contact.id, ownerId: owner.id }, key: contact.id });
  }

  /** What somebody says they are called, where nobody has said it before. */
  readonly callUnnamed = this.contacts.callUnnamed.bind(this.contacts);

  /** One contact goes into another; see MergesService. */
  merge(tx: Tx, merging: Merging): Promise<{ merge: Merge; fresh: boolean }> {
    return this.merges.merge(tx, merging);
  }

  unmerge(tx: Tx, mergeId: string, staff: string): Promise<{ merge: Merge; fresh: boolean }> {
    return this.merges.undo(tx, mergeId, staff);
  }

  /** The contact and all that were merged into it; empty for one that does not exist, or not any more. */
  async idsOfPerson(tx: Tx, contactId: string): Promise<string[]> {
    return isUuid(contactId) ? this.contacts.idsOfPerson(tx, contactId, { erased: false }) : [];
  }

  addressesIn(tx: Tx, contactId: string): Promise<Address[]> {
    return this.contacts.addressesOf(tx, [contactId]);
  }

  /** How sure it is who writes from there; of an address that nobody knows, not at all. */
  async trustOf(tx: Tx, channel: string, address: string): Promise<Trust> {
    return (await this.contacts.trustAt(tx, channel, address)) ?? 'anonymous';
  }

  readonly isKnown = isKnown;
  readonly isAtLeast = isAtLeast;

  /** Whether a message is STOP, START or HELP, or a plain wish for no more messages: the assistant leaves it alone. */
  consentWordIn(tx: Tx, message: TextFrom): Promise<HeardWord | null> {
    return this.consents.wordIn(tx, message);
  }

  /** Remembers what the word means for our right to write. */
  hearConsent(tx: Tx, message: TextFrom, word: HeardWord, heard: Heard): Promise<void> {
    return this.consents.hear(tx, message, word, heard);
  }

  /**
   * The assistant has understood that a person wants no more messages.
   *
   * @param message the one that says so
   */
  withdraw(
    tx: Tx, message: { id: string; channel: string; address: string; body: string; providerSid: string | null; createdAt: Date },
    extent: Extent, { contactId, confirmationId }: Pick<Heard, 'contactId' | 'confirmationId'>,
  ): Promise<void> {
    const { id: messageId, body: wording, providerSid: evidence, createdAt: at } = message;
    return this.consents.withdraw(tx, message, extent, { contactId, messageId, confirmationId, wording, evidence, at });
  }

  /**
   * The provider refused because the person opted out there: remember it here.
   *
   * @param at when the refused message was sent; a START since then is newer and stays
   */
  noteOptOut(tx: Tx, to: Reach, evidence: string, at: Date): void {
    if (to.address === '') return; // the contact was erased
    this.consents.noteRefusal(tx, to, evidence, at);
  }

  /** STOP or START of a colleague's; see ConsentsService. */
  readonly hearColleague: ConsentsService['hearColleague'] = (...heard) => this.consents.hearColleague(...heard);
  /** Somebody has written to this sender on WhatsApp, whoever they are. */
  readonly noteWindow = this.windows.note.bind(this.windows);

  /** The one gate before every message: why the person does not want it, in words; null when it may go. */
  whyNotWrite(tx: Tx, way: Reach, message: { id: string | null; purpose: Purpose }): Promise<string | null> {
    return this.consents.whyNot(tx, way, message);
  }

  /** The same before a call, which takes consent to calls, or that the person has asked for just this one. @param askedAt when they did; null: they did not */
  whyNotCall(tx: Tx, to: Pick<Reach, 'address' | 'sender'>, purpose: Purpose, askedAt: Date | null): Promise<string | null> {
    return this.consents.whyNotCall(tx, to, purpose, askedAt);
  }

  /** A number that is this person's for sure: just this one, or one that they have called from, or any. Null when there is none. */
  async callableAt(tx: Tx, contactId: string, wanted: string | null): Promise<string | null> {
    const numbers = (await this.contacts.addressesOf(tx, [contactId])).filter(({ address, trust }) => isPhoneNumber(address) && isKnown(trust));
    const fitting = wanted === null ? numbers.toSorted((one, other) => Number(other.channel === 'voice') - Number(one.channel === 'voice')) : numbers.filter(({ address }) => address === wanted);
    return fitting[0]?.address ?? null;
  }

  /** Whether this message confirms what the person said about consent. */
  confirms(tx: Tx, messageId: string): Promise<boolean> {
    return this.consents.confirms(tx, messageId);
  }

  addressesOf(tx: Tx, contactId: string): Promise<Address[]> {
    return this.contacts.addressesOf(tx, [contactId]);
  }

  /** Whether any of our senders was told to stop on one of these channels. */
  saidStop(tx: Tx, channels: readonly string[], address: string): Promise<boolean> {
    return this.consents.saidStop(tx, channels, address);
  }

  /** Somebody has shown that this contact is theirs: at one address at least. */
  async isSomebodys(tx: Tx, contactId: string): Promise<boolean> {
    return (await this.contacts.addressesOf(tx, [contactId])).some(({ trust }) => isKnown(trust));
  }

  /** The phone number behind an address: itself, or another one of the same person, which is not only claimed; null when we know none. */
  async phoneOf(tx: Tx, channel: string, address: string): Promise<string | null> {
    if (isPhoneNumber(address)) return address;
    const contact = await this.contacts.findByAddress(tx, channel, address);
    const addresses = contact ? await this.contacts.addressesOf(tx, [contact.id]) : [];
    return addresses.find((other) => isPhoneNumber(other.address) && isKnown(other.trust))?.address ?? null;
  }

  /** A message of theirs has come in. On WhatsApp it opens the window for free text; a mail may prove whose its address is. */
  noteWrote(tx: Tx, contactId: string, message: TextFrom): void {
    const { channel, address, sender, receivedAt } = message;
    if (message.alsoKnownAs) this.noteAddresses(tx, contactId, message);
    if (channel === 'email' && message.trust === 'verified') this.contacts.vouch(tx, channel, address);
    if (channel === 'whatsapp') this.windows.note(tx, { sender, address }, receivedAt);
  }

  /** How the window of each of these stands now, in their order. */
  async whatsappWindows(tx: Tx, pairs: readonly WhatsappPair[]): Promise<WhatsappWindow[]> {
    if (pairs.length === 0) return [];
    const rows = await this.windows.of(tx, pairs);
    const now = this.clock.now();
    return pairs.map(({ sender, address }) =>
      windowAt(rows.find((row) => row.sender === sender && row.address === address)?.lastWroteAt ?? null, now));
  }

  /** When the quiet hours end that hold now where this address is, and by which zone; null when none do. Only phones ring at night. */
  quietUntil({ channel, address }: Pick<Reach, 'channel' | 'address'>, hours: QuietHours, zoneOfTenant: string, now: Date): { until: Date; zone: string } | null {
    if (!ringsAt(channel)) return null;
    const zone = timeZoneOf(address) ?? zoneOfTenant;
    const until = quietUntil(now, hours, zone);
    return until && { until, zone };
  }

  async contact(tenantId: string, id: string): Promise<ContactWithAddresses & { consents: Consent[] }> {
    if (!isUuid(id)) throw notFound('contact', id);
    return this.database.transaction(tenantId, async (tx) => {
      const contact = await this.contacts.find(tx, id);
      if (!contact) throw notFound('contact', id);
      const addresses = await this.contacts.addressesOf(tx, [id]);
      const consents = await this.consents.current(tx, addresses);
      return { ...contact, addresses, consents };
    });
  }

  async list(tenantId: string, after: { at: Date; id: string } | null, limit: number): Promise<ContactWithAddresses[]> {
    return this.database.transaction(tenantId, async (tx) => {
      const contacts = await this.contacts.list(tx, after, limit);
      const addresses = await this.contacts.addressesOf(tx, contacts.map((contact) => contact.id));
      return contacts.map((contact) => ({ ...contact, addresses: addresses.filter((row) => row.contactId === contact.id) }));
    });
  }

  /** The contact that goes on for this one, with all that were merged into it, also when they were erased; empty for one that never was. */
  async wholePerson(tx: Tx, contactId: string): Promise<string[]> {
    const survivor = isUuid(contactId) ? await this.contacts.survivorOf(tx, contactId) : null;
    return survivor ? this.contacts.idsOfPerson(tx, survivor, { erased: true }) : [];
  }

  /** The same, the surviving one first, held until the transaction ends. Null when it is not there, or not any more. */
  async holdPerson(tx: Tx, contactId: string): Promise<{ contacts: Contact[]; addresses: Address[] } | null> {
    const ids = await this.wholePerson(tx, contactId);
    const contacts: Contact[] = [];
    for (const id of ids.toSorted()) contacts.push(...[await this.contacts.lock(tx, id)].filter((contact) => contact !== null));
    const survivor = contacts.find(({ mergedInto }) => mergedInto === null);
    if (!survivor) return null;
    return { contacts: [survivor, ...contacts.filter((contact) => contact !== survivor)], addresses: await this.contacts.addressesOf(tx, ids) };
  }

  /**
   * Blanks these contacts, who are one person, and takes their addresses away: who writes from them later is somebody new. An opt-out
   * stays, under a digest of the address. What was said since `until` is somebody new's and stays too. Twice is once.
   */
  async erase(tx: Tx, ids: string[], addresses: string[], until: Date): Promise<Record<string, number>> {
    const rows = await this.contacts.erase(tx, ids, this.clock.now());
    const merges = await this.merges.erase(tx, ids);
    const consents = await this.consents.erase(tx, addresses, until);
    return { ...rows, merges, consents: consents.removed, consentsKeptAsDigest: consents.kept, whatsappWindows: await this.windows.erase(tx, addresses, until) };
  }

  /** All that is kept of these contacts, who are one person. */
  async everythingOf(tx: Tx, ids: string[]) {
    const addresses = await this.contacts.addressesOf(tx, ids);
    const [consents, merges, whatsappWindows] = await Promise.all([
      this.consents.everythingOf(tx, addresses), this.merges.of(tx, ids),
      this.windows.ofAddresses(tx, addresses.filter(({ channel }) => channel === 'whatsapp').map(({ address }) => address)),
    ]);
    return { addresses, consents, merges, whatsappWindows };
  }

  names(tx: Tx, ids: string[]): Promise<Map<string, string | null>> {
    return this.contacts.names(tx, ids);
  }

  idsAt(tx: Tx, address: string): Promise<string[]> {
    return this.contacts.contactIdsAt(tx, address);
  }
}
