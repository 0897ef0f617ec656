import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, invalid, notFound } from '@throughline/kernel/errors.js';
import { isUuid, uuidOf, uuidv7 } from '@throughline/kernel/ids.js';
import { isPhoneNumber } from './address.js';
import { callStanding, type Standing, standingOf, stopBeside, stoppedAnywhere } from './consent.policy.js';
import { ConsentsRepository } from './consents.repository.js';
import { ContactsRepository } from './contacts.repository.js';
import { type Address, ANY_SENDER, type Consent, type NewConsent, ONE_STOP, type Purpose, type Reach, type TextFrom } from './contacts.types.js';
import { type HeardWord, optOutKeyword } from './optout.policy.js';
import { isKnown, trustIn } from './trust.policy.js';
import { type Extent, withdrawalIn } from './withdrawal.policy.js';

/** Who said a word, in which message, and the message that confirms it. */
export interface Heard {
  contactId: string;
  messageId: string;
  confirmationId: string | null;
}

interface Said {
  wording: string;
  evidence: string | null;
  at: Date;
}

type Word = Pick<Consent, 'purpose' | 'state' | 'source' | 'changedAt'> & Partial<Consent>;

/** The ledger of consent: every word about it is added, none is changed, and what holds now follows from all of them. */
@Injectable()
export class ConsentsService {
  private readonly consents = new ConsentsRepository();
  private readonly contacts = new ContactsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Whether a message is a word about consent, or a call for help that Twilio answers: the assistant leaves it alone. */
  async wordIn(tx: Tx, message: TextFrom): Promise<HeardWord | null> {
    const known = isKnown(trustIn(message));
    if (optOutKeyword(message, true, known) || optOutKeyword(message, false, known)) {
      return optOutKeyword(message, !(await this.standing(tx, message, 'service')).may, known);
    }
    const withdrawal = withdrawalIn(message, known);
    if (!withdrawal) return null;
    const { may } = await this.standing(tx, message, 'service');
    return { keyword: 'stop', extent: withdrawal.extent, confirmation: may ? withdrawal.confirmation : null };
  }

  async hear(tx: Tx, message: TextFrom, { keyword, extent, unheard }: HeardWord, heard: Heard): Promise<void> {
    if (keyword === 'help' || unheard) return;
    if (extent) return this.withdraw(tx, message, extent, { ...heard, wording: message.body, evidence: message.providerSid, at: message.receivedAt });
    this.append(tx, message, {
      purpose: 'everything', state: keyword === 'stop' ? 'opted_out' : 'opted_in', source: 'keyword', wording: message.body.slice(0, LONGEST_WORDING),
      evidence: message.providerSid, messageId: heard.messageId, confirmationId: heard.confirmationId, changedAt: message.receivedAt,
    });
  }

  /** STOP or START of somebody who works for the tenant: of no contact, and in no thread. One START brings all of ours back: a STOP to any of them ends all. @returns false for one that is known */
  hearColleague(tx: Tx, message: TextFrom, keyword: 'stop' | 'start'): Promise<boolean> {
    const { channel, address, sender, providerSid: evidence, receivedAt: changedAt } = message;
    const word: Word = { purpose: 'everything', state: keyword === 'stop' ? 'opted_out' : 'opted_in', source: 'keyword', wording: message.body.slice(0, LONGEST_WORDING), evidence, changedAt };
    return this.consents.appendOnce(tx, this.entryOf(uuidOf(`${tx.tenantId}/colleague/${evidence}`), { channel, address, sender: keyword === 'stop' ? sender : ANY_SENDER }, word));
  }

  /** In plain words: nothing more to this address, or to any of the person's, from whichever sender of ours. */
  async withdraw(tx: Tx, from: Pick<Reach, 'channel' | 'address'>, extent: Extent, said: Heard & Said): Promise<void> {
    const known = extent === 'person' ? await this.contacts.addressesOf(tx, [said.contactId]) : [];
    // A chat is no place where people are written to on our own account: they sit in front of it.
    const others = known.filter(({ channel, address }) => channel !== 'chat' && (channel !== from.channel || address !== from.address));
    for (const { channel, address } of [from, ...others]) {
      this.append(tx, { channel, address, sender: ANY_SENDER }, {
        purpose: 'everything', state: 'opted_out', source: 'words', wording: said.wording.slice(0, LONGEST_WORDING), evidence: said.evidence,
        messageId: said.messageId, confirmationId: said.confirmationId, changedAt: said.at,
      });
    }
  }

  /** @param at when the refused message was sent; a START since then is newer and stays */
  noteRefusal(tx: Tx, way: Reach, evidence: string, at: Date): void {
    this.append(tx, way, { purpose: 'everything', state: 'opted_out', source: 'provider', evidence, changedAt: at });
  }

  /** Why a message may not go out this way; null when it may. What confirms a word about consent always may. */
  async whyNot(tx: Tx, way: Reach, { id, purpose }: { id: string | null; purpose: Purpose }): Promise<string | null> {
    const standing = await this.standing(tx, way, purpose);
    if (standing.may || (id !== null && (await this.confirms(tx, id)))) return null;
    if (!standing.because) return `${way.address} has not agreed to ${purpose} from ${way.sender}`;
    const what = standing.because.purpose === 'everything' ? 'messages' : standing.because.purpose;
    return `${way.address} has opted out of ${what} from ${way.sender}`;
  }

  /** Why somebody may not be called; null when they may. @param askedAt when they asked for this call; null where they did not */
  async whyNotCall(tx: Tx, { address, sender }: Pick<Reach, 'address' | 'sender'>, purpose: Purpose, askedAt: Date | null): Promise<string | null> {
    const [calls, texts] = await Promise.all([
      this.consents.deciding(tx, { channel: 'voice', address, sender }, [address]), this.consents.said(tx, TEXTED, address),
    ]);
    const standing = callStanding(calls, texts, purpose, askedAt);
    if (standing.may) return null;
    return standing.because ? `${address} has opted out and may not be called` : `${address} has not agreed to be called (${purpose})`;
  }

  confirms(tx: Tx, messageId: string): Promise<boolean> {
    return this.consents.isConfirmation(tx, messageId);
  }

  /** Whether any of our senders was told to stop on one of these channels. */
  async saidStop(tx: Tx, channels: readonly string[], address: string): Promise<boolean> {
    return stoppedAnywhere(await this.consents.said(tx, channels, address));
  }

  /** All that was said from these addresses of one person up to `until`; a stop still holds afterwards. Twice is once. */
  async erase(tx: Tx, addresses: readonly string[], until: Date): Promise<{ kept: number; removed: number }> {
    const sum = { kept: 0, removed: 0 };
    for (const address of new Set(addresses)) {
      const twins = addresses.filter((other) => isPhoneNumber(other) !== isPhoneNumber(address));
      const { kept, removed } = await this.consents.erase(tx, { address, twins }, until);
      sum.kept += kept;
      sum.removed += removed;
    }
    return sum;
  }

  /** Every word about these addresses, in the order in which they were noted. */
  everythingOf(tx: Tx, addresses: readonly Address[]): Promise<Consent[]> {
    return this.consents.history(tx, addresses.map(({ address }) => address), null, MOST_EXPORTED);
  }

  current(tx: Tx, addresses: readonly Address[]): Promise<Consent[]> {
    return this.consents.current(tx, addresses.map(({ address }) => address));
  }

  /** What was ever said about the contact's addresses, and what holds of it. */
  async history(
    tenantId: string, contactId: string, after: { at: Date; id: string } | null, limit: number,
  ): Promise<{ current: Consent[]; items: Consent[] }> {
    return this.database.transaction(tenantId, async (tx) => {
      const addresses = await this.addressesOf(tx, contactId);
      const current = await this.current(tx, addresses);
      return { current, items: await this.consents.history(tx, addresses.map(({ address }) => address), after, limit) };
    });
  }

  /**
   * A colleague notes what a person has said or signed. The same key twice is one entry.
   *
   * @throws HubError `invalid` for a time to come; `conflict` for a key that came with something else before
   */
  async record(tenantId: string, contactId: string, { addressId, key, channel, ...said }: NewConsent): Promise<Consent> {
    const now = this.clock.now();
    if (said.changedAt && said.changedAt > now) throw invalid('at: this has not happened yet', [{ path: 'at', message: 'this has not happened yet' }]);
    return this.database.transaction(tenantId, async (tx) => {
      const address = (await this.addressesOf(tx, contactId)).find(({ id }) => id === addressId);
      if (!address) throw notFound('address', addressId);
      if (channel && !isPhoneNumber(address.address)) throw invalid('channel: nobody can be called at this address', [{ path: 'channel', message: 'nobody can be called at this address' }]);
      const id = key ? uuidOf(`${tenantId}/${contactId}/consent/${key}`) : uuidv7(now.getTime());
      const entry = this.entryOf(id, { channel: channel ?? address.channel, address: address.address, sender: said.sender ?? ANY_SENDER }, { changedAt: now, ...said });
      if (await this.consents.appendOnce(tx, entry)) return entry;
      const known = (await this.consents.find(tx, id))!;
      if (isSame(known, entry, said.changedAt !== undefined)) return known;
      throw conflict('key_used', 'This Idempotency-Key came with another consent before.');
    });
  }

  private async standing(tx: Tx, way: Reach, purpose: Purpose): Promise<Standing> {
    const beside = ONE_STOP.includes(way.channel) ? ONE_STOP.filter((channel) => channel !== way.channel) : [];
    const [own, theirs] = await Promise.all([
      this.namesOf(tx, way).then((names) => this.consents.deciding(tx, way, names)), beside.length > 0 ? this.consents.said(tx, beside, way.address) : [],
    ]);
    const because = stopBeside(own, theirs);
    return because ? { may: false, because } : standingOf(own, purpose);
  }

  /** On WhatsApp one account may be known by its number and by an id: what is said of the one holds for the other, whenever we learn of it. */
  private async namesOf(tx: Tx, { channel, address }: Reach): Promise<string[]> {
    const names = channel === 'whatsapp' ? await this.contacts.namesOf(tx, channel, address) : [];
    // Two numbers of one person are two accounts, each with a will of its own.
    return [address, ...names.filter((name) => isPhoneNumber(name) !== isPhoneNumber(address))];
  }

  private async addressesOf(tx: Tx, contactId: string): Promise<Address[]> {
    if (!isUuid(contactId) || !(await this.contacts.find(tx, contactId))) throw notFound('contact', contactId);
    return this.contacts.addressesOf(tx, [contactId]);
  }

  private append(tx: Tx, way: Reach, word: Word): void {
    this.consents.append(tx, this.entryOf(uuidv7(this.clock.ms()), way, word));
  }

  private entryOf(id: string, { channel, address, sender }: Reach, word: Word): Consent {
    return {
      wording: null, evidence: null, messageId: null, confirmationId: null, recordedBy: null, recordedAt: this.clock.now(),
      ...word, id, channel, address, sender,
    };
  }
}

/** A stop to one of these is a stop to calls. */
const TEXTED = ['sms', 'rcs', 'whatsapp'];
/** In characters, as many as a form may have shown. */
const LONGEST_WORDING = 4_000;
const MOST_EXPORTED = 1_000_000;

/** @param withTime whether the caller said when it was; otherwise it is when it was first noted */
function isSame(known: Consent, entry: Consent, withTime: boolean): boolean {
  const fields = ['channel', 'address', 'sender', 'purpose', 'state', 'source', 'wording', 'evidence', 'recordedBy'] as const;
  return fields.every((field) => known[field] === entry[field]) && (!withTime || known.changedAt.getTime() === entry.changedAt.getTime());
}
