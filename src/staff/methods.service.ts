import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, invalid, notFound } from '@throughline/kernel/errors.js';
import { isUuid, uuidOf, uuidv7 } from '@throughline/kernel/ids.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { TwilioVerify } from '@throughline/twilio/verify.js';
import { AppConfig } from '../app.config.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { MethodsRepository } from './methods.repository.js';
import { StaffRepository } from './staff.repository.js';
import { StaffService } from './staff.service.js';
import type { ContactMethod, Doing, MethodChannel } from './staff.types.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
/** A text takes some seconds to arrive; who asks again sooner has not waited for it. */
const BETWEEN_CODES_MS = 30 * SECOND;
const MOST_CODES = 5;
const MOST_TRIES = 10;
/** Of a tenant: calls to far numbers cost money. */
const MOST_CODES_OF_ALL = 100;
const MOST_METHODS = 10;

export type CodeWay = 'sms' | 'call' | 'whatsapp' | 'email';

/** By which ways a code can show that an address is theirs; the first one where none is named. */
const WAYS: Record<MethodChannel, readonly [CodeWay, ...CodeWay[]]> = { sms: ['sms', 'call'], voice: ['call', 'sms'], whatsapp: ['whatsapp'], email: ['email'] };

export interface CheckedMethod {
  outcome: 'verified' | 'wrong' | 'expired';
  method: ContactMethod;
}

/** How a staff member is reached, shown by a code to be theirs. */
@Injectable()
export class MethodsService {
  private readonly methods = new MethodsRepository();
  private readonly members = new StaffRepository();
  private readonly verify: TwilioVerify;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly staff: StaffService,
    private readonly tenancy: TenancyService,
    account: TwilioAccount,
    config: AppConfig,
  ) {
    this.verify = new TwilioVerify(account, config.twilio.verifyServiceSid);
  }

  /** Behind those that are there. The same key twice is one. @throws HubError `conflict` when they have it already */
  async add(tenantId: string, staffId: string, wanted: Pick<ContactMethod, 'channel' | 'address'>, { by, key }: Doing): Promise<ContactMethod> {
    const createdAt = this.clock.now();
    const method = { ...wanted, id: key ? uuidOf(`${tenantId}/${staffId}/method/${key}`) : uuidv7(createdAt.getTime()), staffId, verifiedAt: null, createdAt };
    return this.database.transaction(tenantId, async (tx) => {
      if (!isUuid(staffId) || !(await this.members.lock(tx, staffId))) throw notFound('staff member', staffId);
      const present = await this.methods.of(tx, [staffId]);
      const known = present.find(({ id }) => id === method.id);
      if (known && known.channel === wanted.channel && known.address === wanted.address) return known;
      if (known) throw conflict('key_used', 'This Idempotency-Key came with another contact method before.');
      if (present.length >= MOST_METHODS) throw conflict('too_many_methods', `${MOST_METHODS} contact methods are enough.`);
      if (!(await this.methods.add(tx, method))) throw conflict('method_exists', 'They have this contact method already.');
      this.staff.note(tx, staffId, { machine: 'contact_method', from: 'none', to: 'unverified', what: `${method.channel} ${method.id}`, by });
      return method;
    });
  }

  remove(tenantId: string, staffId: string, methodId: string, { by }: Doing): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => {
      const { channel, verifiedAt } = await this.method(tx, staffId, methodId);
      if (!(await this.methods.remove(tx, methodId))) throw notFound('contact method', methodId);
      this.staff.note(tx, staffId, { machine: 'contact_method', from: verifiedAt ? 'verified' : 'unverified', to: 'removed', what: `${channel} ${methodId}`, by });
    });
  }

  /**
   * Sends a code there. Counted before it is sent.
   *
   * @param way how it is sent; as the contact method itself is used where not given
   * @throws HubError `conflict` for one that needs no code or gets none; `too_many`
   */
  async start(tenantId: string, staffId: string, methodId: string, way: CodeWay | undefined): Promise<ContactMethod> {
    const method = await this.database.transaction(tenantId, async (tx) => {
      const found = await this.unverified(tx, staffId, methodId);
      if (await this.staff.hasStopped(tx, found)) throw conflict('opted_out', 'STOP was said from there. No code is sent until START is.');
      return found;
    });
    const chosen = way ?? WAYS[method.channel][0];
    if (!WAYS[method.channel].includes(chosen)) throw invalid(`by: ${method.channel} is shown by ${WAYS[method.channel].join(' or ')}`, [{ path: 'by', message: `expected ${WAYS[method.channel].join(' or ')}` }]);
    await this.tenancy.windows.take(
      tenantId, { what: `code soon/${method.address}`, most: 1, perMs: BETWEEN_CODES_MS }, { what: `code/${method.address}`, most: MOST_CODES, perMs: HOUR },
      { what: 'staff codes', most: MOST_CODES_OF_ALL, perMs: HOUR },
    );
    await this.verify.start(method.address, chosen);
    return method;
  }

  /** The right code verifies it, and what else of theirs has the same number. A wrong one changes nothing. @throws HubError `too_many` */
  async check(tenantId: string, staffId: string, methodId: string, code: string): Promise<CheckedMethod> {
    const method = await this.database.transaction(tenantId, (tx) => this.unverified(tx, staffId, methodId));
    await this.tenancy.windows.take(tenantId, { what: `staff code tried/${methodId}`, most: MOST_TRIES, perMs: HOUR });
    const outcome = await this.verify.check(method.address, code);
    if (outcome !== 'approved') return { outcome, method };
    return this.database.transaction(tenantId, async (tx) => {
      for (const { id, channel } of await this.methods.verify(tx, method, this.clock.now())) {
        this.staff.note(tx, staffId, { machine: 'contact_method', from: 'unverified', to: 'verified', what: `${channel} ${id}`, by: undefined });
      }
      return { outcome: 'verified', method: await this.method(tx, staffId, methodId) };
    });
  }

  private async method(tx: Tx, staffId: string, id: string): Promise<ContactMethod> {
    const method = isUuid(staffId) ? (await this.methods.of(tx, [staffId])).find((each) => each.id === id) : undefined;
    if (!method) throw notFound('contact method', id);
    return method;
  }

  private async unverified(tx: Tx, staffId: string, id: string): Promise<ContactMethod> {
    const method = await this.method(tx, staffId, id);
    if (method.verifiedAt) throw conflict('verified_already', 'A code has shown that this is theirs: there is nothing to verify.');
    return method;
  }
}
