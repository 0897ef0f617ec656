import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { recordTransition } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { CallsService } from '../calls/calls.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { PlacingService } from '../placing/placing.service.js';
import { outboundMachine } from './outbound.machine.js';
import { endOf, verdictOn, isFinal, isOwed, isToBeEnded, isUnderWay, limitOf, noteOf, triedAgainAt } from './outbound.policy.js';
import { OutboundRepository } from './outbound.repository.js';
import type { OutboundCall, OutboundEvent } from './outbound.types.js';

type Change = Partial<Pick<OutboundCall, 'errorCode' | 'answeredBy' | 'tries' | 'tryId' | 'callSid' | 'isOver' | 'nextAt'>>;

/** What has happened to a call that we make goes in, and what becomes of it is rows. What is to be done at Twilio is left to a job. */
@Injectable()
export class ProgressService {
  private readonly rows = new OutboundRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly calls: CallsService,
    private readonly conversations: ConversationsService,
    private readonly placing: PlacingService,
  ) {}

  /** Whose call this is a try of; null for one that was never begun. */
  tenantOf(tryId: string): Promise<string | null> {
    return this.placing.tenantOf(tryId);
  }

  /** Twilio has this try as `callSid`: its own answer says so, or any webhook. @returns the call as it is now; null where it goes on by another try, or not at all */
  placed(tenantId: string, tryId: string, callSid: string): Promise<OutboundCall | null> {
    return this.about(tenantId, tryId, callSid, async (_tx, call) => call);
  }

  /** They have picked up. @returns null where nobody is to speak to them any more */
  answered(tenantId: string, tryId: string, callSid: string): Promise<OutboundCall | null> {
    return this.about(tenantId, tryId, callSid, (tx, call) => this.pickedUp(tx, call));
  }

  /** What machine detection has heard. */
  async detected(tenantId: string, tryId: string, callSid: string, answeredBy: string): Promise<void> {
    await this.about(tenantId, tryId, callSid, async (tx, ringing) => {
      const call = (await this.pickedUp(tx, ringing)) ?? ringing;
      const event = verdictOn(answeredBy, call);
      const moved = event && (await this.step(tx, call, event, `Twilio heard: ${answeredBy}`, { answeredBy }));
      if (moved || call.answeredBy) return moved || call;
      const noted = { ...call, answeredBy };
      await this.rows.save(tx, call.state, noted);
      return noted;
    });
  }

  /** A machine is about to be told this. @returns null where nothing is to be said to it */
  async leavesMessage(tenantId: string, tryId: string, callSid: string): Promise<string | null> {
    const told = await this.about(tenantId, tryId, callSid, async (tx, call) => {
      if (call.state === 'message_left') return call;
      return this.step(tx, call, 'said', 'the message is being left');
    });
    return told?.message ?? null;
  }

  /** How the call stands, as Twilio says. Only its end is news. @param sipCode where a carrier gave one */
  async told(tenantId: string, tryId: string, callSid: string, status: string, sipCode: number | null): Promise<void> {
    const end = endOf(status, sipCode);
    const cause = end === 'ended' ? 'the call is over' : `Twilio says: ${status}${sipCode === null ? '' : ` (SIP ${sipCode})`}`;
    await this.about(tenantId, tryId, callSid, async (tx, call) => (
      end ? this.ended(tx, call, end, cause, { isOver: true, ...(end === 'failed' ? { errorCode: sipCode } : {}) }) : call));
    // Behind it, for until then the call itself may not have been known.
    if (end) await this.database.transaction(tenantId, async (tx) => this.outbox.enqueue(tx, { name: 'calls.over', payload: { callSid }, key: callSid }));
  }

  /** Something else has happened to it: the clock, a refusal, a cancellation. Means nothing where somebody was faster. */
  happen(tenantId: string, id: string, event: OutboundEvent, cause: string, change: Change = {}): Promise<OutboundCall | null> {
    return this.database.transaction(tenantId, async (tx) => {
      const call = await this.rows.lock(tx, id);
      return call && this.ended(tx, call, event, cause, change);
    });
  }

  /** The same in a transaction of the caller, who holds the row. */
  step(tx: Tx, call: OutboundCall, event: OutboundEvent, cause: string, change: Change = {}): Promise<OutboundCall | null> {
    const step = outboundMachine.next(call.state, event);
    if (!step) return Promise.resolve(null);
    const now = this.clock.now();
    const limitAt = step.to === 'waiting' ? call.latest : this.clock.in(limitOf(step.to, call.ringSeconds));
    return this.save(tx, call, { ...call, ...change, state: step.to, cause, waitsForOthers: false, limitAt, updatedAt: now });
  }

  private async save(tx: Tx, before: OutboundCall, call: OutboundCall): Promise<OutboundCall | null> {
    if (!(await this.rows.save(tx, before.state, call))) return null;
    const { id, conversationSid, state, limitAt } = call;
    recordTransition(tx, { conversationSid, machine: 'outbound_call', entityId: id, from: before.state, to: state, cause: call.cause!, at: call.updatedAt });
    if (isUnderWay(before.state) && !isUnderWay(state)) await this.wakeNext(tx);
    if (state === 'waiting') this.drive(tx, id, call.nextAt);
    if (!isFinal(state)) this.drive(tx, id, limitAt);
    if (state === 'leaving' || isToBeEnded(call)) this.drive(tx, id);
    await this.tell(tx, call);
    return call;
  }

  /** The job, now or at a later time. */
  drive(tx: Tx, outboundCallId: string, dueAt?: Date): void {
    this.outbox.enqueue(tx, { name: 'outbound.drive', payload: { outboundCallId }, ...(dueAt ? { dueAt } : {}) });
  }

  /** A call that nobody has answered may be tried again. */
  private async ended(tx: Tx, call: OutboundCall, event: OutboundEvent, cause: string, change: Change): Promise<OutboundCall | null> {
    const at = triedAgainAt(call, event, this.clock.now());
    const again = at && (await this.step(tx, call, 'again', `${cause}; it is tried again`, { nextAt: at, tryId: null, callSid: null, isOver: false }));
    return again || this.step(tx, call, event, cause, change);
  }

  private async pickedUp(tx: Tx, call: OutboundCall): Promise<OutboundCall | null> {
    if (call.state === 'talking') return call;
    return this.step(tx, call, 'answered', 'somebody has picked up');
  }

  /** Whatever is heard of a try says first which call it is. */
  private about(
    tenantId: string, tryId: string, callSid: string, then: (tx: Tx, call: OutboundCall) => Promise<OutboundCall | null>,
  ): Promise<OutboundCall | null> {
    return this.database.transaction(tenantId, async (tx) => {
      this.placing.attach(tx, tryId, callSid);
      const known = await this.rows.lockTry(tx, tryId);
      if (!known) return null;
      const call = known.callSid === callSid ? known : await this.attach(tx, { ...known, callSid });
      return then(tx, (call.state === 'placing' && (await this.step(tx, call, 'placed', 'Twilio has it'))) || call);
    });
  }

  private async attach(tx: Tx, call: OutboundCall & { callSid: string }): Promise<OutboundCall> {
    await this.rows.save(tx, call.state, call);
    // Of somebody who was erased nothing more is noted.
    if (call.address) await this.calls.made(tx, call);
    // It may have been given up before it was known.
    if (isToBeEnded(call)) this.drive(tx, call.id);
    return call;
  }

  private async wakeNext(tx: Tx): Promise<void> {
    const next = await this.rows.wakeNext(tx, this.clock.now());
    if (next) this.drive(tx, next);
  }

  private async tell(tx: Tx, call: OutboundCall): Promise<void> {
    const { conversationSid, purpose } = call;
    const note = noteOf(call);
    if (note) await this.conversations.aloud.note(tx, conversationSid, note);
    if (isOwed(call)) await this.conversations.aloud.changeOwner(tx, conversationSid, { event: 'reply_lost', cause: `the customer asked to be called about ${purpose}, and was not` });
  }
}
