import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { recordTransition } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { cutOff, oneLine } from '@throughline/kernel/words.js';
import { storable } from '@throughline/llm/guardrails.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { PlacingService } from '../placing/placing.service.js';
import { StaffService } from '../staff/staff.service.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { AttemptsRepository } from './attempts.repository.js';
import { type Attempt, type Incident, isOpen } from './escalation.types.js';
import { LinksService } from './links.service.js';
import { type Alert, insteadOf } from './ladder.policy.js';

const LONGEST_TROUBLE = 300;
const LONGEST_WORDS = 1_000;

/** Writes down who is to be told, and what has happened. Others do it, by jobs. */
@Injectable()
export class PagingService {
  private readonly attempts = new AttemptsRepository();

  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    readonly links: LinksService,
    private readonly placing: PlacingService,
    private readonly conversations: ConversationsService,
    private readonly staff: StaffService,
  ) {}

  /** Those that the incident does not have yet. @returns how many are new */
  async add(tx: Tx, incident: Incident, alerts: readonly Alert[]): Promise<number> {
    let added = 0;
    for (const alert of alerts) {
      const createdAt = this.clock.now();
      const id = uuidv7(createdAt.getTime());
      // 1 and 0 are what programs press that want to be let through.
      const pressKey = String(randomInt(2, 10));
      if (!(await this.attempts.insert(tx, { ...alert, id, incidentId: incident.id, pressKey, createdAt }, this.links.hashOf(id)))) continue;
      added += 1;
      this.send(tx, { id });
    }
    return added;
  }

  /** Whatever its row asks for by then is done: it is sent, called, or ended. */
  send(tx: Tx, { id }: Pick<Attempt, 'id'>): void {
    this.outbox.enqueue(tx, { name: 'escalation.alert', payload: { attemptId: id } });
  }

  /** The ladder goes on at once, from where it stands. */
  wake(tx: Tx, { id, epoch }: Incident): void {
    this.outbox.enqueue(tx, { name: 'escalation.climb', payload: { incidentId: id, epoch } });
  }

  /** Whoever the tenant has named for when nobody else does it: once when the ladder stands still, and once when no step is left, which is other news. */
  async addFallback(tx: Tx, { settings }: Tenant, incident: Incident): Promise<number> {
    const { fallback } = settings.escalation;
    if (!fallback) return 0;
    const rung = { round: incident.round, step: incident.step, says: 'alert' as const, staffId: null, name: 'Fallback', address: fallback };
    return this.add(tx, incident, (['voice', 'sms'] as const).map((channel) => ({ ...rung, channel, key: `fallback/${isOpen(incident.state) ? 'stall' : 'end'}/${channel}` })));
  }

  /** Another way to reach somebody whom one does not, once for each. @returns false where there is none */
  async addInstead(tx: Tx, incident: Incident, attempts: readonly Attempt[], failed: Attempt): Promise<boolean> {
    if (failed.hasOtherWay) return false;
    const person = failed.staffId && (await this.staff.reach(tx, [failed.staffId])).get(failed.staffId);
    if (!person) return false;
    const methods = person.methods.filter(({ trouble }) => trouble === null);
    const instead = insteadOf(failed, { ...person, methods, isDoNotDisturb: false, scheduleIds: failed.scheduleIds }, new Set(attempts.map(({ key }) => key)));
    if (!instead || (await this.add(tx, incident, [instead])) === 0) return false;
    this.attempts.noteOtherWay(tx, failed.id);
    return true;
  }

  /** Those of these that are for somebody who still works for the tenant, or for its fallback number. Who was removed has the text on their phone for long, and takes nothing by it. */
  async ofThoseHere<T extends Pick<Attempt, 'staffId'>>(tx: Tx, attempts: readonly T[]): Promise<T[]> {
    const ids = attempts.flatMap(({ staffId }) => staffId ?? []);
    const here = ids.length > 0 ? await this.staff.present(tx, ids) : new Set<string>();
    return attempts.filter(({ staffId }) => staffId === null || here.has(staffId));
  }

  /** Whether they have said STOP there. Calls go on. */
  hasStopped(tx: Tx, { channel, address }: Attempt): Promise<boolean> {
    return channel === 'voice' ? Promise.resolve(false) : this.staff.hasStopped(tx, { channel, address });
  }

  /** They have said STOP to this sender of ours, as Twilio says. Until START nothing is sent there, and the next contact method is used at once. */
  noteStop(tx: Tx, { channel, address, createdAt, name }: Attempt, incident: Incident, sender: string): void {
    this.staff.noteRefusal(tx, { channel, address, sender }, `incident ${incident.id}`, createdAt);
    this.log(tx, incident, incident.state, incident.state, `${name} has said STOP to ${channel}: nothing is sent to them there until they say START`);
  }

  /** Twilio has it under this sid. What was called off meanwhile is ended. */
  noteSid(tx: Tx, attempt: Attempt, sid: string): void {
    if (attempt.providerSid === sid) return;
    this.attempts.note(tx, attempt.id, sid, this.clock.now());
    if (attempt.channel === 'voice') this.placing.attach(tx, attempt.id, sid);
    if (attempt.channel === 'voice' && attempt.state === 'cancelled') this.send(tx, attempt);
  }

  /** A line of the log of an incident, in which no address may stand: it outlives what is known of its people. */
  log(tx: Tx, { id, conversationSid }: Incident, from: string, to: string, cause: string): void {
    recordTransition(tx, { conversationSid, machine: 'incident', entityId: id, from, to, cause: storable(cause), at: this.clock.now() });
  }

  async moved(tx: Tx, { conversationSid }: Incident, before: Attempt, to: string, cause: string): Promise<void> {
    const at = this.clock.now();
    const said = storable(`${before.name}, ${before.channel}: ${cause}`);
    await this.attempts.move(tx, before, to, { at, cause: said, trouble: to === 'failed' ? cutOff(storable(cause), LONGEST_TROUBLE) : null });
    recordTransition(tx, { conversationSid, machine: 'incident_attempt', entityId: before.id, from: before.state, to, cause: said, at });
  }

  /** Who has it writes about it. The words stand in the thread, with which they are erased; in the log, which outlives it, only where there is no thread. */
  async noteWords(tx: Tx, incident: Incident, { name, channel, body }: { name: string; channel: string; body: string }): Promise<void> {
    const words = cutOff(storable(oneLine(body)), LONGEST_WORDS);
    this.log(tx, incident, incident.state, incident.state, incident.conversationSid ? `${name}, ${channel}: has written about it` : `${name}, ${channel}: "${words}"`);
    await this.tell(tx, incident, `${name}, who has incident ${incident.code}, writes: "${words}"`);
  }

  /** Whoever waits for help is told who comes. */
  tellWaiting(tx: Tx, { id: incidentId, conversationSid, isDrill }: Incident): void {
    if (conversationSid && !isDrill) this.outbox.enqueue(tx, { name: 'callback.tell', payload: { incidentId } });
  }

  /** In writing they want to be connected with the person. */
  connect(tx: Tx, { id: attemptId, incidentId }: Attempt, replySid: string): void {
    this.outbox.enqueue(tx, { name: 'callback.connect', payload: { incidentId, attemptId, replySid } });
  }

  /** What the customer is called. No alert waits for a name. */
  async nameOf(tx: Tx, { conversationSid }: Incident): Promise<string | null> {
    const sid = conversationSid && (await this.conversations.ownerOf(tx, conversationSid)) ? conversationSid : null;
    return sid && this.conversations.contactNameOf(tx, sid);
  }

  /** In the thread in which it goes on, for colleagues and for the assistant. */
  async tell(tx: Tx, { conversationSid }: Incident, line: string): Promise<void> {
    const thread = conversationSid && (await this.conversations.aloud.goesOnIn(tx, conversationSid));
    if (thread) await this.conversations.aloud.note(tx, thread.conversationSid, line);
  }
}
