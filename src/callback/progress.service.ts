import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { recordTransition } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { isUuid } from '@throughline/kernel/ids.js';
import { reach } from '@throughline/kernel/points.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { CallsService } from '../calls/calls.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { PlacingService } from '../placing/placing.service.js';
import { callbackMachine } from './callback.machine.js';
import { isFinal, legOf, LOOK_MS, meantBy, moved, noteOf } from './callback.policy.js';
import type { Callback, CallbackEvent } from './callback.types.js';
import { CallbacksRepository } from './callbacks.repository.js';

type SeenTo = Partial<Pick<Callback, 'isTakerOver' | 'isPersonOver'>>;

/** What has happened to a callback goes in, and what becomes of it is rows. Others do at Twilio what they say, by jobs. */
@Injectable()
export class ProgressService {
  private readonly rows = new CallbacksRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly calls: CallsService,
    private readonly conversations: ConversationsService,
    private readonly placing: PlacingService,
  ) {}

  tenantOf(id: string): Promise<string | null> {
    return isUuid(id) ? this.database.asSystem((tx) => this.rows.tenantOf(tx, id)) : Promise.resolve(null);
  }

  find(tenantId: string, id: string): Promise<Callback | null> {
    return this.database.transaction(tenantId, (tx) => this.rows.find(tx, id));
  }

  /** What has happened changes it, or means nothing any more. @param seenTo whose call whoever tells this has seen to @returns how it stands now; null for one that is unknown */
  async happen(tenantId: string, id: string, event: CallbackEvent, cause: string, seenTo: SeenTo = {}): Promise<Callback | null> {
    const row = await this.database.transaction(tenantId, async (tx) => {
      const locked = await this.rows.lock(tx, id);
      return locked && this.step(tx, { ...locked, ...seenTo }, event, cause);
    });
    await reach('callback.decided');
    return row;
  }

  private async step(tx: Tx, before: Callback, told: CallbackEvent, cause: string): Promise<Callback> {
    const event = meantBy(before, told);
    const next = callbackMachine.next(before.state, event);
    if (!next) {
      this.rows.save(tx, before);
      return before;
    }
    const at = this.clock.now();
    const row = { ...moved(before, event, next.to, at), cause };
    this.rows.save(tx, row);
    const { conversationSid, id: entityId, state: to, taker } = row;
    recordTransition(tx, { conversationSid, machine: 'callback', entityId, from: before.state, to, cause: `${taker}: ${cause}`, at });
    this.go(tx, row);
    const note = noteOf(row);
    if (conversationSid && to === 'connected') {
      await this.conversations.aloud.changeOwner(tx, conversationSid, { event: 'staff_took_over', cause: `${taker} speaks with them on the phone`, staff: taker });
    }
    if (conversationSid && note) await this.conversations.aloud.note(tx, conversationSid, note);
    return row;
  }

  /** What is to be done now, and the alarm for when nothing more is heard. */
  go(tx: Tx, { id: callbackId, state, epoch }: Callback): void {
    this.outbox.enqueue(tx, { name: 'callback.drive', payload: { callbackId } });
    if (!isFinal(state)) this.outbox.enqueue(tx, { name: 'callback.clock', payload: { callbackId, epoch }, dueAt: this.clock.in(LOOK_MS) });
  }

  /** Something was heard of the room, or of a call that belongs to one: Twilio is asked how all of it stands. @param afterMs a better word may come first */
  async look(tenantId: string, callSid: string, afterMs = 0): Promise<void> {
    await this.database.transaction(tenantId, async (tx) => {
      const row = await this.rows.ofCall(tx, callSid);
      if (row) this.outbox.enqueue(tx, { name: 'callback.clock', payload: { callbackId: row.id, epoch: row.epoch }, dueAt: this.clock.in(afterMs) });
    });
  }

  /** Where the caller of this call belongs by now; null where that is not the room of a callback. */
  async awaits(tenantId: string, callSid: string): Promise<string | null> {
    const row = await this.database.transaction(tenantId, (tx) => this.rows.ofCall(tx, callSid));
    return row && row.state !== 'reaching' && !row.isPersonOver && row.personCallSid === callSid ? row.id : null;
  }

  /** Twilio has the call of one side as `callSid`: its own answer says so, or any webhook. @returns null for a call that is none of this callback, or not any more */
  attach(tenantId: string, id: string, side: 'taker' | 'person', callSid: string): Promise<Callback | null> {
    return this.database.transaction(tenantId, async (tx) => {
      const row = await this.rows.lock(tx, id);
      const known = row && row[side === 'taker' ? 'takerCallSid' : 'personCallSid'];
      if (!row || known) return known === callSid ? row : null;
      if (row.lostCallSids.includes(callSid)) return null;
      this.placing.attach(tx, legOf(row, side), callSid);
      const noted = side === 'taker' ? { ...row, takerCallSid: callSid, isTakerOver: false } : { ...row, personCallSid: callSid, isPersonOver: false };
      this.rows.save(tx, noted);
      // It may have been given up before it was known.
      this.outbox.enqueue(tx, { name: 'callback.drive', payload: { callbackId: id } });
      const { conversationSid, contactId, phone: address, sender } = row;
      if (side === 'person' && conversationSid && contactId && address) await this.calls.made(tx, { callSid, conversationSid, contactId, address, sender, opening: '' });
      return noted;
    });
  }

  /** The call of the person is one that somebody speaks in. */
  async picksUp({ tenantId, personCallSid }: Callback): Promise<void> {
    if (personCallSid) await this.calls.move(tenantId, personCallSid, 'answered', 'the phone was picked up');
  }

  /** @returns whether it is for whoever asks to move the person now, until then: it stands as they know it, and nobody has just done so */
  claimMove(row: Callback, until: Date): Promise<boolean> {
    return this.database.transaction(row.tenantId, (tx) => this.rows.claimMove(tx, row, this.clock.now(), until));
  }

  /** While the phone of this taker rang, another incident has brought the person to somebody else. */
  isElsewhere({ tenantId, incidentId, personCallSid: callSid }: Callback): Promise<boolean> {
    return this.database.transaction(tenantId, (tx) => this.rows.isTaken(tx, incidentId, { callSid, phone: null }, ['joining', 'connected']));
  }

  /** Whom they were to be fetched to has hung up meanwhile: they are called back. */
  async callsBack(tenantId: string, id: string): Promise<void> {
    await this.database.transaction(tenantId, async (tx) => {
      const row = await this.rows.lock(tx, id);
      if (!row || row.state !== 'reaching' || row.isCalledBack) return;
      if (!row.phone) return void (await this.step(tx, row, 'person_left', 'they have hung up, and showed no number'));
      const again = { ...row, isCalledBack: true, isPersonOver: false, personCallSid: null, epoch: row.epoch + 1, changedAt: this.clock.now() };
      this.rows.save(tx, again);
      this.go(tx, again);
    });
  }

  /** Small things that are done, or heard, once. */
  note(tenantId: string, id: string, change: SeenTo & Partial<Pick<Callback, 'isMachine' | 'isMachineTold'>>): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => {
      const row = await this.rows.lock(tx, id);
      if (!row) return;
      this.rows.save(tx, { ...row, ...change });
      if (change.isMachine) this.outbox.enqueue(tx, { name: 'callback.drive', payload: { callbackId: id } });
    });
  }

  /** The call of the person is over: what goes on around it ends too. */
  callIsOver(tenantId: string, callSid: string): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => this.outbox.enqueue(tx, { name: 'calls.over', payload: { callSid }, key: callSid }));
  }

  /** Nobody is connected with whoever was erased. */
  async endAll(tx: Tx, conversationSids: string[]): Promise<void> {
    for (const { id, state } of await this.rows.ofConversations(tx, conversationSids)) {
      const row = isFinal(state) ? null : await this.rows.lock(tx, id);
      if (row) await this.step(tx, row, 'taker_left', 'the person was erased');
    }
  }
}
