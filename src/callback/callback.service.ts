import { randomInt } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, describe, HubError, notFound } from '@throughline/kernel/errors.js';
import { uuidOf } from '@throughline/kernel/ids.js';
import type { Call } from '../calls/calls.types.js';
import { EscalationService } from '../escalation/escalation.service.js';
import { type Attempt, type Incident, isWhoHasIt, type Sighted } from '../escalation/escalation.types.js';
import { StaffService } from '../staff/staff.service.js';
import type { Callback, Wish } from './callback.types.js';
import { CallbacksRepository } from './callbacks.repository.js';
import { PersonsService, type Person } from './persons.service.js';
import { ProgressService } from './progress.service.js';

/** For so long after taking an incident its person is called that way; whoever finds the link in a year calls nobody. */
const GOOD_FOR_MS = 24 * 3_600_000;
const MOST_TRIES = 10;

const PHONE = /^\+[1-9]\d{6,14}$/;

/** Who has an incident, and the person whom it is about, are connected: asked for here, once for each wish. */
@Injectable()
export class CallbackService {
  private readonly log = new Logger('Callback');
  private readonly rows = new CallbacksRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly escalation: EscalationService,
    private readonly staff: StaffService,
    private readonly persons: PersonsService,
    /** What has happened to a callback, as Twilio's webhooks tell it. */
    readonly progress: ProgressService,
  ) {}

  /** Whether there is anybody to be connected with. Never in a drill. */
  async isPossible(incident: Incident): Promise<boolean> {
    return !incident.isDrill && (await this.persons.of(incident)) !== null;
  }

  /**
   * The one who has the incident wants to speak with the person. The same key twice is one wish, and there is one callback of an incident at a time.
   *
   * @throws HubError `not_found`; `conflict` for a drill, an incident that nobody or somebody else has, or that was taken too long ago, where there is no number of the
   *   person or of the taker, and for too many tries
   */
  async connect(tenantId: string, wish: Wish): Promise<Callback> {
    const sighted = await this.escalation.sighted(tenantId, wish.incidentId);
    const attempt = this.takersAttempt(sighted, wish);
    const { incident } = sighted;
    const person = await this.persons.of(incident);
    if (!person) throw conflict('no_number', 'No number is known at which the person could be called, and they are not on the phone.');
    if (person.isBusy) throw conflict('person_busy', 'They are speaking with a colleague on the phone.');
    const phone = await this.phoneOf(tenantId, wish, attempt);
    if (!phone && !wish.callSid) throw conflict('no_phone', 'No phone of whoever has taken it is known: name one.');
    const taker = { name: incident.acknowledgedBy ?? '', callSid: wish.callSid, phone };
    return this.begin(tenantId, incident, { id: uuidOf(`${tenantId}/callback/${incident.id}/${wish.key}`), person, taker });
  }

  /** By a reply: where it is not possible there is nobody to answer to, and the log says why. */
  async connectByText(tenantId: string, wish: Wish): Promise<void> {
    await this.connect(tenantId, wish).catch((error: unknown) => {
      if (!(error instanceof HubError && error.kind === 'conflict')) throw error;
      this.log.warn(`incident ${wish.incidentId}: nobody is connected: ${describe(error)}`);
    });
  }

  /** Once more, with the taker still on the phone. Twice is once. @returns null where nothing is left to be tried */
  async again(tenantId: string, callbackId: string): Promise<Callback | null> {
    const before = await this.progress.find(tenantId, callbackId);
    if (before?.state !== 'unanswered' || !before.takerCallSid) return null;
    const { incident } = await this.escalation.sighted(tenantId, before.incidentId);
    const person = await this.persons.of(incident);
    if (!person || person.isBusy) return null;
    return this.begin(tenantId, incident, { id: uuidOf(`${before.id}/again`), person, taker: { name: before.taker, callSid: before.takerCallSid, phone: before.takerPhone } }).catch((error: unknown) => {
      if (error instanceof HubError && error.kind === 'conflict') return null;
      throw error;
    });
  }

  private takersAttempt({ incident, attempts }: Sighted, { attemptId }: Wish): Attempt | null {
    const { state, isDrill, acknowledgedBy, acknowledgedAt } = incident;
    if (isDrill) throw conflict('drill', 'It is a drill: there is nobody to be connected with.');
    if (state !== 'acknowledged' || !acknowledgedAt) throw conflict('not_taken', 'Nobody has taken it yet: take it first.');
    if (acknowledgedAt.getTime() + GOOD_FOR_MS <= this.clock.ms()) throw conflict('too_late', 'It was taken too long ago.');
    if (!attemptId) return attempts.find(({ state: how }) => how === 'acknowledged') ?? attempts.find((each) => each.says === 'alert' && isWhoHasIt(incident, each)) ?? null;
    const own = attempts.find(({ id }) => id === attemptId);
    if (!own || (own.state !== 'acknowledged' && !isWhoHasIt(incident, own))) throw conflict('not_yours', `${acknowledgedBy} has it.`);
    return own;
  }

  /** Where the taker is called: what they have shown to be theirs, for calls first. Who was removed is called nowhere. */
  private async phoneOf(tenantId: string, { phone }: Wish, attempt: Attempt | null): Promise<string | null> {
    if (phone) return phone;
    if (!attempt) return null;
    const { staffId } = attempt;
    const person = staffId && (await this.database.transaction(tenantId, (tx) => this.staff.reach(tx, [staffId]))).get(staffId);
    if (staffId && !person) return null;
    const methods = (person ? person.methods : []).filter(({ trouble, address }) => trouble === null && PHONE.test(address));
    const own = methods.find(({ channel }) => channel === 'voice') ?? methods[0];
    return own?.address ?? (PHONE.test(attempt.address) ? attempt.address : null);
  }

  private async begin(tenantId: string, incident: Incident, { id, person, taker }: {
    id: string; person: Person; taker: { name: string; callSid: string | null; phone: string | null };
  }): Promise<Callback> {
    const at = this.clock.now();
    const row: Callback = {
      id, tenantId, incidentId: incident.id, conversationSid: person.conversationSid, contactId: person.contactId, taker: taker.name, takerPhone: taker.phone, takerCalls: taker.callSid ? 0 : 1, takerCallSid: taker.callSid, lostCallSids: [],
      // 1 and 0 are what programs press that want to be let through.
      pressKey: String(randomInt(2, 10)), phone: person.phone, sender: person.sender, personCallSid: person.callSid, isCalledBack: person.callSid === null, isMachine: false, isMachineTold: false,
      state: taker.callSid ? 'reaching' : 'calling', cause: null, epoch: 0, isTakerOver: false, isPersonOver: person.callSid !== null, createdAt: at, changedAt: at, metAt: null,
    };
    return this.database.transaction(tenantId, async (tx) => {
      const known = await this.rows.find(tx, id);
      if (known) return known;
      if ((await this.rows.countOf(tx, incident.id)) >= MOST_TRIES) throw conflict('too_often', 'They were called often enough about this.');
      if (await this.rows.insert(tx, row)) this.progress.go(tx, row);
      return (await this.rows.find(tx, id)) ?? this.underWay(tx, incident.id);
    });
  }

  private async underWay(tx: Tx, incidentId: string): Promise<Callback> {
    const row = await this.rows.latest(tx, incidentId);
    if (!row) throw notFound('incident', incidentId);
    return row;
  }

  /** For whom whoever is in this call waits, having reported an emergency; see EscalationService. Who only shows the number of somebody who waits learns nothing of it. */
  async waitsFor(call: Call): Promise<'anybody' | 'taker' | null> {
    const waits = call.conversationSid ? await this.escalation.waitsFor(call.tenantId, call.conversationSid) : null;
    return waits && (await this.persons.isTheirs(call)) ? waits : null;
  }

  async everythingOf(tx: Tx, conversationSids: string[]) {
    return { callbacks: await this.rows.ofConversations(tx, conversationSids) };
  }

  purge(tx: Tx, conversationSid: string, before: Date): void {
    this.rows.purge(tx, conversationSid, before);
  }

  /** Nobody is connected any more; that they were stays, not at which number. Twice is once. */
  async erase(tx: Tx, conversationSids: string[]): Promise<{ callbacks: number }> {
    await this.progress.endAll(tx, conversationSids);
    return { callbacks: await this.rows.erase(tx, conversationSids) };
  }
}
