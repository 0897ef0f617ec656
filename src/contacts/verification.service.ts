import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, HubError, notFound } from '@throughline/kernel/errors.js';
import { isUuid, uuidv7 } from '@throughline/kernel/ids.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { TwilioVerify } from '@throughline/twilio/verify.js';
import { AppConfig } from '../app.config.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { isPhoneNumber, personKey } from './address.js';
import { ConsentsService } from './consents.service.js';
import { ContactsRepository } from './contacts.repository.js';
import { type Address, ANY_SENDER, type CodeUse } from './contacts.types.js';
import { isKnown } from './trust.policy.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
/** A text takes some seconds to arrive; who asks again sooner has not waited for it. */
const BETWEEN_CODES_MS = 30 * SECOND;
/** In an hour. Twilio Verify has limits of its own for a number (five sends and five tries in ten minutes). */
const MOST_CODES = 5;
const MOST_TRIES = 10;
/** Of one who claims, while a code holds. Twilio takes five for a number, whoever tries: a stranger's leave its owner one. */
const CLAIM_TRIES = { most: 4, perMs: 600 * SECOND };

export interface Checked {
  outcome: 'verified' | 'wrong' | 'expired';
  address: Address;
  /** Another contact whom this number belongs to as well: the same person, whom staff may merge. */
  sameAs: string | null;
}

/** Somebody says that a number is theirs, and shows it by a code that only its owner can read. */
@Injectable()
export class VerificationService {
  private readonly contacts = new ContactsRepository();
  private readonly verify: TwilioVerify;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly consents: ConsentsService,
    private readonly tenancy: TenancyService,
    account: TwilioAccount,
    config: AppConfig,
  ) {
    this.verify = new TwilioVerify(account, config.twilio.verifyServiceSid);
  }

  /**
   * Sends a code to the address. Counted before it is sent: whoever asks often is stopped, whatever becomes of the calls.
   *
   * @throws HubError `conflict` for an address that takes no code, or needs none, or has opted out; `too_many`
   */
  async start(tenantId: string, contactId: string, addressId: string): Promise<Address> {
    const address = await this.database.transaction(tenantId, async (tx) => {
      const found = await this.claimed(tx, contactId, addressId);
      const channel = codeChannelOf(found);
      const unwanted = await this.consents.whyNot(tx, { channel, address: found.address, sender: ANY_SENDER }, { id: uuidv7(this.clock.ms()), purpose: 'service' });
      if (unwanted) throw conflict('opted_out', `${unwanted}. No code is sent there.`);
      await this.count(tx, found, { sent: 1, tried: 0 });
      return found;
    });
    await this.verify.start(address.address, codeChannelOf(address));
    return address;
  }

  /** The right code makes the address `verified`. A wrong one changes nothing. @throws HubError `too_many` */
  async check(tenantId: string, contactId: string, addressId: string, code: string): Promise<Checked> {
    const address = await this.database.transaction(tenantId, async (tx) => {
      const found = await this.claimed(tx, contactId, addressId);
      await this.count(tx, found, { sent: 0, tried: 1 });
      return found;
    });
    const outcome = await this.verify.check(address.address, code);
    if (outcome !== 'approved') return { outcome, address, sameAs: null };
    return this.database.transaction(tenantId, async (tx) => {
      this.contacts.setTrust(tx, address.id, 'verified');
      const owner = await this.contacts.findByPerson(tx, personKey(address.channel, address.address, 'verified'));
      const sameAs = owner && owner.id !== contactId ? (owner.mergedInto ?? owner.id) : null;
      return { outcome: 'verified', address: { ...address, trust: 'verified' }, sameAs: sameAs === contactId ? null : sameAs };
    });
  }

  /**
   * Sends a code to a number that somebody says is theirs. It is nobody's address for that: a claim must not come between the number's
   * owner and their own thread. Who asks is not told whether the number is known here.
   *
   * @param by who says so
   * @throws HubError `conflict` for a number that is sent no code; `too_many`, also when the tenant has sent as many as it wants to pay for
   */
  async startClaim(tenantId: string, phone: string, by: string): Promise<void> {
    const unwanted = !isPhoneNumber(phone) || (await this.database.transaction(tenantId, (tx) =>
      this.consents.whyNot(tx, { channel: 'sms', address: phone, sender: ANY_SENDER }, { id: uuidv7(this.clock.ms()), purpose: 'service' })));
    if (unwanted) throw conflict('takes_no_code', 'No code can be sent there.');
    const { codesPerHour } = (await this.tenancy.tenant(tenantId)).settings.chat;
    await this.tenancy.windows.take(
      tenantId, { what: `code soon/${phone}`, most: 1, perMs: BETWEEN_CODES_MS }, { what: `code/${phone}`, most: MOST_CODES, perMs: HOUR },
      { what: sentTo(phone, by), most: MOST_CODES, perMs: HOUR }, { what: 'chat codes', most: codesPerHour, perMs: HOUR },
    );
    await this.verify.start(phone, 'sms');
  }

  /**
   * What the code shows is for the caller to note; see ContactsService.prove. Who was sent none there has none to try, and uses up
   * nothing of the number's owner.
   *
   * @throws HubError `too_many`
   */
  async checkClaim(tenantId: string, phone: string, by: string, code: string): Promise<Checked['outcome']> {
    if (!(await this.tenancy.windows.counts(tenantId, sentTo(phone, by)))) return 'expired';
    await this.tenancy.windows.take(tenantId, { what: `code tried/${phone}/${by}`, ...CLAIM_TRIES });
    const outcome = await this.verify.check(phone, code);
    return outcome === 'approved' ? 'verified' : outcome;
  }

  private async claimed(tx: Tx, contactId: string, addressId: string): Promise<Address> {
    const addresses = isUuid(contactId) ? await this.contacts.addressesOf(tx, [contactId]) : [];
    const address = addresses.find(({ id }) => id === addressId);
    if (!address) throw notFound('address', addressId);
    if (isKnown(address.trust)) throw conflict('verified_already', `This address is ${address.trust}: there is nothing to verify.`);
    return address;
  }

  /** One row for each address, changed by one at a time: twenty at once are counted as twenty. */
  private async count(tx: Tx, { id }: Address, more: Pick<CodeUse, 'sent' | 'tried'>): Promise<void> {
    const now = this.clock.now();
    const known = await this.contacts.lockCodeUse(tx, id);
    const isOld = !known.since || now.getTime() - known.since.getTime() >= HOUR;
    const use: CodeUse = isOld ? { since: now, sentAt: known.sentAt, sent: 0, tried: 0 } : known;
    const tooSoon = more.sent > 0 && use.sentAt ? use.sentAt.getTime() + BETWEEN_CODES_MS - now.getTime() : 0;
    const usedUp = use.sent + more.sent > MOST_CODES || use.tried + more.tried > MOST_TRIES;
    const retryAfterMs = usedUp ? use.since!.getTime() + HOUR - now.getTime() : tooSoon;
    if (retryAfterMs > 0) throw new HubError('too_many', 'too_many_codes', 'Too many codes, or tries, for this address.', { retryable: true, retryAfterMs });
    this.contacts.setCodeUse(tx, id, { ...use, sent: use.sent + more.sent, tried: use.tried + more.tried, sentAt: more.sent > 0 ? now : use.sentAt });
  }
}

const sentTo = (phone: string, by: string): string => `code sent/${phone}/${by}`;

const E164 = /^\+[1-9]\d{6,14}$/;

function codeChannelOf({ channel, address }: Address): 'sms' | 'whatsapp' {
  if (!E164.test(address)) throw conflict('takes_no_code', 'Codes are sent to phone numbers. This address is none.');
  return channel === 'whatsapp' ? 'whatsapp' : 'sms';
}
