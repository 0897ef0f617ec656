import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { recordTransition, type Transition, Transitions } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, invalid, notFound } from '@throughline/kernel/errors.js';
import { digestOf, isUuid, uuidOf, uuidv7 } from '@throughline/kernel/ids.js';
import { isTimeZone } from '@throughline/kernel/wall-clock.js';
import { ContactsService } from '../contacts/contacts.service.js';
import type { Reach as Reached, TextFrom } from '../contacts/contacts.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { MethodsRepository } from './methods.repository.js';
import { PinsService } from './pins.service.js';
import { StaffRepository } from './staff.repository.js';
import type { ContactMethod, Doing, NewStaffMember, Objection, Reach, StaffMember, StaffMemberWithMethods, Trouble } from './staff.types.js';

type Change = Partial<Pick<StaffMember, 'name' | 'timeZone' | 'doNotDisturb'>> & { version: number; contactMethods?: string[] | undefined };

interface Noted {
  machine: 'staff' | 'contact_method';
  from: string;
  to: string;
  what: string;
  by: string | undefined;
}

/** Who works for the tenant, and how each of them is reached. */
@Injectable()
export class StaffService {
  private readonly staff = new StaffRepository();
  private readonly methods = new MethodsRepository();
  private readonly log = new Transitions();
  private readonly objections: Objection[] = [];

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly contacts: ContactsService,
    private readonly tenancy: TenancyService,
    /** By what they show that it is them. */
    readonly pins: PinsService,
  ) {}

  /** A room that counts on people says so here; asked while the one to be removed is locked. */
  objectTo(objection: Objection): void {
    this.objections.push(objection);
  }

  list(tenantId: string, after: { at: Date; id: string } | null, limit: number): Promise<StaffMemberWithMethods[]> {
    return this.database.transaction(tenantId, async (tx) => this.withMethods(tx, await this.staff.list(tx, after, limit)));
  }

  /** @throws HubError `not_found` */
  member(tenantId: string, id: string): Promise<StaffMemberWithMethods> {
    return this.database.transaction(tenantId, async (tx) => (await this.withMethods(tx, [await this.found(id, () => this.staff.find(tx, id))]))[0]!);
  }

  /** The same key twice is one person. @throws HubError `conflict` */
  async add(tenantId: string, wanted: Omit<NewStaffMember, 'timeZone'> & { timeZone?: string | undefined }, { by, key }: Doing): Promise<StaffMemberWithMethods> {
    const id = key ? uuidOf(`${tenantId}/staff/${key}`) : uuidv7(this.clock.ms());
    const { settings } = await this.tenancy.tenant(tenantId);
    const timeZone = wanted.timeZone ?? (isTimeZone(settings.timeZone) ? settings.timeZone : 'UTC');
    await this.database.transaction(tenantId, async (tx) => {
      if (await this.addIn(tx, id, { ...wanted, timeZone }, by)) return;
      const known = await this.staff.fingerprintOf(tx, id);
      if (known === null) throw conflict('external_ref_taken', 'Somebody with this externalRef is there already.');
      if (known !== fingerprintOf({ ...wanted, timeZone })) throw conflict('key_used', 'This Idempotency-Key came with somebody else before.');
    });
    return this.member(tenantId, id);
  }

  /** What is left out stays. @throws HubError `conflict` when somebody else has changed it since */
  async change(tenantId: string, id: string, { version, contactMethods, ...change }: Change, { by }: Doing): Promise<StaffMemberWithMethods> {
    await this.database.transaction(tenantId, async (tx) => {
      const present = await this.found(id, () => this.staff.lock(tx, id));
      if (present.version !== version) throw conflict('changed_meanwhile', `This is version ${present.version} by now. Read it again before you change it.`);
      const changed = { ...present, ...change, version: version + 1, changedAt: this.clock.now() };
      this.staff.update(tx, changed);
      if (contactMethods) await this.reorder(tx, id, contactMethods);
      const what = [...Object.keys(change), ...(contactMethods ? ['order of contact methods'] : [])].join(', ') || 'nothing';
      this.note(tx, id, { machine: 'staff', from: `version ${version}`, to: `version ${version + 1}`, what, by });
    });
    return this.member(tenantId, id);
  }

  /** The name stays for what has happened; how they were reached is gone. @throws HubError `conflict` while something counts on them */
  remove(tenantId: string, id: string, { by }: Doing): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => {
      const { version } = await this.found(id, () => this.staff.lock(tx, id));
      for (const objection of this.objections) {
        const why = await objection(tx, id);
        if (why) throw conflict('still_needed', why);
      }
      this.staff.remove(tx, id, this.clock.now());
      this.methods.removeAll(tx, id);
      await this.pins.forget(tx, id);
      this.note(tx, id, { machine: 'staff', from: `version ${version}`, to: 'removed', what: 'removed', by });
    });
  }

  /** What was changed about somebody, oldest first; also of those who are not there any more. */
  async changes(tenantId: string, id: string, after: { at: Date; id: string } | null, limit: number): Promise<Transition[]> {
    const changes = isUuid(id) ? await this.database.transaction(tenantId, (tx) => this.log.of(tx, id, after, limit)) : [];
    if (changes.length === 0 && !after) throw notFound('staff member', id);
    return changes;
  }

  /** They are not removed before this transaction is over. @throws HubError `invalid` naming the field for somebody who is not there */
  async hold(tx: Tx, ids: readonly string[], field: string): Promise<void> {
    const wanted = [...new Set(ids)];
    const there = await this.staff.hold(tx, wanted.filter(isUuid));
    const missing = wanted.find((id) => !there.includes(id));
    if (missing !== undefined) throw invalid(`${field}: there is no staff member ${missing}`, [{ path: field, message: `there is no staff member ${missing}` }]);
  }

  /** How these people are reached, by their ids. Who has been removed is not among them. */
  async reach(tx: Tx, ids: readonly string[]): Promise<Map<string, Reach>> {
    const members = await this.withMethods(tx, await this.staff.findAll(tx, ids));
    const reaches = members.map(async ({ id, name, timeZone, doNotDisturb, contactMethods }) => {
      const methods = await Promise.all(contactMethods.map(async (method) => ({ id: method.id, channel: method.channel, address: method.address, trouble: await this.troubleWith(tx, method) })));
      return [id, { id, name, timeZone, doNotDisturb, methods }] as const;
    });
    return new Map(await Promise.all(reaches));
  }

  /** Those of these people who still work for the tenant. */
  async present(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
    return new Set((await this.staff.findAll(tx, ids)).map(({ id }) => id));
  }

  /** Also of those who are not there any more. */
  async names(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
    return new Map((await this.staff.names(tx, ids)).map(({ id, name }) => [id, name]));
  }

  /** Who works for the tenant, or did. */
  everybody(tenantId: string): Promise<Pick<StaffMember, 'id' | 'name' | 'timeZone'>[]> {
    return this.database.transaction(tenantId, (tx) => this.staff.everybody(tx));
  }

  byRefs(tx: Tx, externalRefs: readonly string[]): Promise<StaffMember[]> {
    return this.staff.findByRef(tx, externalRefs);
  }

  /** @returns false when that id is known, or they came from there before */
  async addIn(tx: Tx, id: string, wanted: NewStaffMember, by: string | undefined): Promise<boolean> {
    const at = this.clock.now();
    const { contactMethods, ...member } = wanted;
    if (!(await this.staff.insert(tx, { ...member, id, version: 1, createdAt: at, changedAt: at }, fingerprintOf(wanted)))) return false;
    this.note(tx, id, { machine: 'staff', from: 'none', to: 'version 1', what: 'added', by });
    for (const method of contactMethods) await this.methods.add(tx, { channel: method.channel, address: method.address.toLowerCase(), id: uuidv7(at.getTime()), staffId: id, verifiedAt: null, createdAt: at });
    return true;
  }

  /** A line in the log of a staff member. Never an address: see TransitionEntry. */
  note(tx: Tx, entityId: string, { machine, from, to, what, by }: Noted): void {
    recordTransition(tx, { conversationSid: null, machine, entityId, from, to, cause: by ? `${what}, by ${by}` : what, at: this.clock.now() });
  }

  /** Whether they have said STOP from there. */
  hasStopped(tx: Tx, { channel, address }: Pick<ContactMethod, 'channel' | 'address'>): Promise<boolean> {
    return this.contacts.saidStop(tx, [channel], address);
  }

  /** STOP, START or HELP, as customers say it; null of any other words, and of a wish in plain ones. */
  async wordIn(tx: Tx, message: TextFrom): Promise<'stop' | 'start' | 'help' | null> {
    const word = await this.contacts.consentWordIn(tx, message);
    return word && !word.extent && !word.unheard ? word.keyword : null;
  }

  /** What a colleague says from where they are reached; null is not listened to. Nobody else's is heard. @returns whether somebody is reached there */
  async hear(tx: Tx, message: TextFrom, word: 'stop' | 'start' | null): Promise<boolean> {
    const methods = await this.methods.at(tx, message.address);
    if (methods.length === 0 || word === null) return methods.length > 0;
    if (!(await this.contacts.hearColleague(tx, message, word))) return true;
    const [from, to] = word === 'stop' ? ['verified', 'opted_out'] : ['opted_out', 'verified'];
    for (const { id, staffId, channel } of methods) if (channel === message.channel) this.note(tx, staffId, { machine: 'contact_method', from, to, what: `${channel} ${id}`, by: 'themselves' });
    return true;
  }

  /** Twilio takes nothing to there any more: they have said STOP to this sender of ours. */
  noteRefusal(tx: Tx, to: Reached, evidence: string, at: Date): void {
    this.contacts.noteOptOut(tx, to, evidence, at);
  }

  /** They have written on WhatsApp: free text is taken for a while. */
  noteWrote(tx: Tx, { channel, address, sender, receivedAt }: TextFrom): void {
    if (channel === 'whatsapp') this.contacts.noteWindow(tx, { sender, address }, receivedAt);
  }

  private async troubleWith(tx: Tx, method: ContactMethod): Promise<Trouble | null> {
    if (method.verifiedAt === null) return 'unverified';
    return (await this.hasStopped(tx, method)) ? 'opted_out' : null;
  }

  private async reorder(tx: Tx, id: string, order: string[]): Promise<void> {
    const present = (await this.methods.of(tx, [id])).map((method) => method.id);
    if (present.length !== order.length || present.some((each) => !order.includes(each))) {
      throw invalid('contactMethods: name each of them once', [{ path: 'contactMethods', message: 'name each of them once' }]);
    }
    this.methods.order(tx, id, order);
  }

  private async withMethods(tx: Tx, members: StaffMember[]): Promise<StaffMemberWithMethods[]> {
    const methods = await this.methods.of(tx, members.map(({ id }) => id));
    return members.map((member) => ({ ...member, contactMethods: methods.filter(({ staffId }) => staffId === member.id) }));
  }

  private async found(id: string, find: () => Promise<StaffMember | null>): Promise<StaffMember> {
    const member = isUuid(id) ? await find() : null;
    if (!member) throw notFound('staff member', id);
    return member;
  }
}

const fingerprintOf = ({ name, timeZone, doNotDisturb, externalRef, contactMethods }: NewStaffMember): string => digestOf([name, timeZone, doNotDisturb, externalRef, contactMethods]);
