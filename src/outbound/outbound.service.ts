import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, invalid, notFound } from '@throughline/kernel/errors.js';
import { isUuid, uuidOf, uuidv7 } from '@throughline/kernel/ids.js';
import { oneLine } from '@throughline/kernel/words.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { DrivingService } from './driving.service.js';
import { openingIn } from './lines.js';
import { type Filter, OutboundRepository } from './outbound.repository.js';
import type { CallRequest, OutboundCall, Whom } from './outbound.types.js';
import type { ProgressService } from './progress.service.js';

/** Without another word a call is begun within a day, or not at all. */
const LATEST_MS = 86_400_000;
const MOST_AHEAD_MS = 30 * 86_400_000;
const MOST_SENDERS = 200;

type Target = Pick<OutboundCall, 'contactId' | 'conversationSid' | 'address'>;

/** Calls that we make: asked for, looked at, called off. */
@Injectable()
export class OutboundService {
  private readonly rows = new OutboundRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tenancy: TenancyService,
    private readonly contacts: ContactsService,
    private readonly conversations: ConversationsService,
    private readonly driving: DrivingService,
  ) {}

  /** What has happened to a call, as Twilio's webhooks tell it. */
  get progress(): ProgressService {
    return this.driving.progress;
  }

  /**
   * Somebody is to be called. The same key twice is one call.
   *
   * @throws HubError `not_found` for a person who is not there; `conflict` where no number is theirs for sure, where they have not agreed to it, in quiet hours that last too long, and for a key
   *   that came with something else before; `invalid` for a number that is not ours, and for hours that are over
   */
  async request(tenantId: string, request: CallRequest): Promise<OutboundCall> {
    const tenant = await this.tenancy.tenant(tenantId);
    const sender = await this.senderFor(tenantId, request.from);
    const now = this.clock.now();
    const contactId = request.conversationSid ? (await this.conversations.conversation(tenantId, request.conversationSid)).contactId : request.contactId;
    const id = request.key ? uuidOf(`${tenantId}/outbound/${request.key}`) : uuidv7(now.getTime());
    return this.database.transaction(tenantId, async (tx) => {
      const known = request.key ? await this.rows.find(tx, id) : null;
      const target = await this.targetOf(tx, { contactId, address: request.address });
      const call = this.newCall(tenant, id, { ...request, ...target }, sender, now);
      if (known) return sameAs(known, call);
      refuseHours(call, now);
      const unwanted = await this.contacts.whyNotCall(tx, call, call.kind, call.askedAt);
      if (unwanted) throw conflict('not_consented', `Nobody is called without their consent to calls: ${unwanted}.`);
      const quiet = this.driving.gate.quiet(tenant.settings, call, call.nextAt);
      if (quiet && quiet.until >= call.latest) throw conflict('quiet_hours', `Nobody is called then: ${quiet.cause}.`);
      if (!(await this.rows.insert(tx, call))) return sameAs((await this.rows.find(tx, id))!, call);
      this.progress.drive(tx, id, call.nextAt);
      this.progress.drive(tx, id, call.latest);
      return call;
    });
  }

  /** One of our numbers. */
  private async senderFor(tenantId: string, wanted: string | undefined): Promise<string> {
    if (wanted) {
      const known = (await this.tenancy.sender(tenantId, 'voice', wanted)) ?? (await this.tenancy.sender(tenantId, 'sms', wanted));
      if (!known) throw invalid('from: this is no number of yours', [{ path: 'from', message: 'this is no number of yours' }]);
      return known.address;
    }
    const ours = await this.tenancy.listSenders(tenantId, null, MOST_SENDERS);
    const number = ours.find(({ channel }) => channel === 'voice') ?? ours.find(({ channel, address }) => channel === 'sms' && address.startsWith('+'));
    if (!number) throw conflict('no_sender', 'There is no number of yours to call from.');
    return number.address;
  }

  private async targetOf(tx: Tx, whom: Omit<Whom, 'conversationSid'>): Promise<Target> {
    for (const named of await this.personsOf(tx, whom)) {
      const { id: contactId } = await this.contacts.hold(tx, named);
      const [address, conversationSid] = await Promise.all([this.contacts.callableAt(tx, contactId, whom.address ?? null), this.conversations.sidOf(tx, contactId)]);
      if (address && conversationSid) return { contactId, conversationSid, address };
    }
    throw conflict('no_number', 'No number is known that is theirs for sure: they have to have written or called from it, or to have verified it.');
  }

  private async personsOf(tx: Tx, { contactId, address }: Omit<Whom, 'conversationSid'>): Promise<string[]> {
    if (!contactId) return this.contacts.idsAt(tx, address!);
    if ((await this.contacts.idsOfPerson(tx, contactId)).length === 0) throw notFound('contact', contactId);
    return [contactId];
  }

  private newCall({ id: tenantId, name, settings }: Tenant, id: string, request: CallRequest & Target, sender: string, now: Date): OutboundCall {
    const { contactId, conversationSid, address, background = null, kind, whenMachine, message = null, requestedBy, askedAt = null, again } = request;
    const purpose = oneLine(request.purpose);
    const nextAt = request.earliest && request.earliest > now ? request.earliest : now;
    const latest = request.latest ?? new Date(nextAt.getTime() + LATEST_MS);
    const { voice, businessName, assistant, outbound } = settings;
    const opening = openingIn(voice.languages[0]!, { assistant: assistant.name, business: businessName ?? name, purpose });
    return {
      id, tenantId, contactId, conversationSid, address, sender, purpose, opening, background, kind, whenMachine, message, requestedBy, askedAt,
      againTimes: again?.times ?? 0, againAfterMinutes: again?.afterMinutes ?? 0, ringSeconds: outbound.ringSeconds, state: 'waiting', cause: null, errorCode: null,
      answeredBy: null, tries: 0, tryId: null, callSid: null, isOver: false, nextAt, waitsForOthers: false, latest, limitAt: latest, createdAt: now, updatedAt: now,
    };
  }

  list(tenantId: string, filter: Filter): Promise<OutboundCall[]> {
    return this.database.transaction(tenantId, (tx) => this.rows.list(tx, filter));
  }

  async call(tenantId: string, id: string): Promise<OutboundCall> {
    const call = isUuid(id) && (await this.database.transaction(tenantId, (tx) => this.rows.find(tx, id)));
    if (!call) throw notFound('call', id);
    return call;
  }

  /** It is not made, or the phone stops ringing. Twice is once. @throws HubError `conflict` where somebody has picked up, or it has ended */
  async cancel(tenantId: string, id: string): Promise<OutboundCall> {
    await this.call(tenantId, id);
    await this.progress.happen(tenantId, id, 'cancelled', 'called off');
    const call = await this.call(tenantId, id);
    if (call.state !== 'cancelled') throw conflict('not_possible_now', `It cannot be called off any more: ${call.state}.`);
    return call;
  }

  async drive(tenantId: string, id: string): Promise<JobOutcome> {
    return this.driving.drive(await this.tenancy.tenant(tenantId), id);
  }

  async everythingOf(tx: Tx, contactIds: string[]): Promise<{ outboundCalls: OutboundCall[] }> {
    return { outboundCalls: await this.rows.ofContacts(tx, contactIds) };
  }

  /** What calls of before were about goes, like the words of the thread. */
  purge(tx: Tx, conversationSid: string, before: Date): void {
    this.rows.purge(tx, conversationSid, before);
  }

  /** Nobody is called any more; that they were stays, not what about. Twice is once. */
  async erase(tx: Tx, contactIds: string[]): Promise<Record<string, number>> {
    for (const call of await this.rows.unfinished(tx, contactIds)) await this.progress.step(tx, call, 'cancelled', 'the person was erased');
    return { outboundCalls: await this.rows.erase(tx, contactIds) };
  }
}

function refuseHours({ nextAt, latest }: OutboundCall, now: Date): void {
  const refuse = (path: string, message: string): never => {
    throw invalid(`${path}: ${message}`, [{ path, message }]);
  };
  if (nextAt.getTime() > now.getTime() + MOST_AHEAD_MS) refuse('earliest', 'that is too far ahead');
  if (latest <= nextAt) refuse('latest', 'it is over before it begins');
  if (latest.getTime() > nextAt.getTime() + MOST_AHEAD_MS) refuse('latest', 'that is too far ahead');
}

const ASKED = ['contactId', 'address', 'sender', 'purpose', 'background', 'kind', 'whenMachine', 'message', 'againTimes', 'againAfterMinutes'] as const;

function sameAs(known: OutboundCall, asked: OutboundCall): OutboundCall {
  if (ASKED.every((field) => known[field] === asked[field])) return known;
  throw conflict('key_used', 'This Idempotency-Key came with another call before.');
}
