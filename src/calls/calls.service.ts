import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { placeTransitions, recordTransition } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { reach } from '@throughline/kernel/points.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Aloud, Hearing } from '../conversations/conversations.types.js';
import { callMachine } from './call.machine.js';
import { CallsRepository } from './calls.repository.js';
import { type Call, type CallEvent, type CallState, CHECK_EVERY_MS, type Engine, type Incoming, isAtTwilio, type Next, type Outgoing } from './calls.types.js';
import { callerOf } from './caller.policy.js';
import { VoicemailsService } from './voicemails.service.js';

/** A socket renews it every few seconds; who has died is not waited for much longer than that. */
const LEASE_MS = 20_000;
/** Somebody is listening. */
const LOOK_MS = 100;

/** Phone calls as they are kept: who calls, in whose conversation, what state the call is in, and who speaks in it now. */
@Injectable()
export class CallsService {
  private readonly calls = new CallsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly contacts: ContactsService,
    private readonly conversations: ConversationsService,
    /** What was said to nobody. */
    readonly voicemails: VoicemailsService,
  ) {}

  readonly callerOf = callerOf;

  /** One short transaction; the same call twice is one. The Conversation of somebody new is made by a job: no caller waits for Twilio. */
  async begin(tenantId: string, incoming: Incoming): Promise<Call> {
    const call = await this.database.transaction(tenantId, async (tx) => {
      const known = await this.calls.find(tx, incoming.callSid);
      if (known) return known;
      const contactId = await this.whoCalls(tx, incoming);
      const conversationSid = await this.conversations.sidOf(tx, contactId);
      const { callSid, address, sender, proved } = incoming;
      await this.calls.insert(tx, { callSid, contactId, conversationSid, direction: 'inbound', opening: null, address, sender, proved, startedAt: this.clock.now() });
      if (conversationSid) this.takesPart(tx, conversationSid, address);
      else this.outbox.enqueue(tx, { name: 'calls.open', payload: { callSid }, key: callSid });
      if (isAtTwilio(callSid)) this.outbox.enqueue(tx, { name: 'calls.check', payload: { callSid }, key: callSid, dueAt: this.clock.in(CHECK_EVERY_MS) });
      return (await this.calls.find(tx, callSid))!;
    });
    await reach('call.begun');
    return call;
  }

  /** We call somebody. Whoever answers at a number that is theirs is as much them as whoever reads there. The same call twice is one. */
  async made(tx: Tx, { callSid, conversationSid, ...outgoing }: Outgoing): Promise<void> {
    if (!(await this.calls.insert(tx, { ...outgoing, callSid, conversationSid, direction: 'outbound', proved: true, startedAt: this.clock.now() }))) return;
    this.takesPart(tx, conversationSid, outgoing.address);
    this.outbox.enqueue(tx, { name: 'calls.check', payload: { callSid }, key: callSid, dueAt: this.clock.in(CHECK_EVERY_MS) });
  }

  readonly madeSince = this.calls.madeSince.bind(this.calls);
  /** The call in this conversation that has not ended. */
  readonly activeIn = this.calls.active.bind(this.calls);

  /**
   * A number that the carrier vouches for is its owner's on every channel; one that was only claimed before is proved from now on.
   * One that is only claimed stands for itself, unless somebody is known under it: then what is said is kept with them, and shows nothing of theirs.
   */
  private async whoCalls(tx: Tx, { address, proved, displayName }: Incoming): Promise<string> {
    const writer = { channel: 'voice', address, displayName, trust: proved ? 'attested_caller_id' as const : 'claimed' as const };
    const contact = await this.contacts.findOrCreate(tx, writer);
    if (!proved || this.contacts.isKnown(await this.contacts.trustOf(tx, 'voice', address))) return contact.id;
    await this.contacts.prove(tx, writer, address);
    const owner = await this.contacts.findOrCreate(tx, { channel: 'sms', address, trust: 'verified' });
    return (await this.conversations.sidOf(tx, owner.id)) ? owner.id : contact.id;
  }

  private takesPart(tx: Tx, conversationSid: string, address: string): void {
    this.conversations.aloud.joins(tx, conversationSid, address);
    this.outbox.enqueue(tx, { name: 'calls.show', payload: { conversationSid } });
  }

  /** The Conversation of the caller is there. */
  async open(tenantId: string, callSid: string, conversationSid: string): Promise<void> {
    await this.database.transaction(tenantId, async (tx) => {
      const call = await this.calls.lock(tx, callSid);
      if (!call || call.conversationSid) return;
      const contact = await this.contacts.hold(tx, call.contactId);
      const conversation = await this.conversations.begin(tx, contact.id, conversationSid, call.startedAt);
      this.calls.setConversation(tx, callSid, conversation.conversationSid, contact.id);
      placeTransitions(tx, { machine: 'call', entityId: callSid, conversationSid: conversation.conversationSid });
      this.takesPart(tx, conversation.conversationSid, call.address);
    });
  }

  tenantOf(callSid: string): Promise<string | null> {
    return this.database.asSystem((tx) => this.calls.tenantOf(tx, callSid));
  }

  find(tenantId: string, callSid: string): Promise<Call | null> {
    return this.database.transaction(tenantId, (tx) => this.calls.find(tx, callSid));
  }

  /** The call that has not ended in this conversation. */
  active(tenantId: string, conversationSid: string): Promise<Call | null> {
    return this.database.transaction(tenantId, (tx) => this.calls.active(tx, conversationSid));
  }

  /** Whoever is in it only shows the number of somebody who has proved theirs. */
  async isOnlyShown({ tenantId, proved, contactId }: Call): Promise<boolean> {
    return !proved && this.database.transaction(tenantId, (tx) => this.contacts.isSomebodys(tx, contactId));
  }

  /** @returns null when that means nothing in the call's state, or somebody else was faster */
  async move(tenantId: string, callSid: string, event: CallEvent, cause: string, engine: Engine | null = null): Promise<Call | null> {
    return this.database.transaction(tenantId, async (tx) => {
      const call = await this.calls.lock(tx, callSid);
      return call && this.moveIn(tx, call, event, cause, engine);
    });
  }

  private async moveIn(tx: Tx, call: Call, event: CallEvent, cause: string, engine: Engine | null): Promise<Call | null> {
    const step = callMachine.next(call.state, event);
    const at = this.clock.now();
    if (!step || !(await this.calls.move(tx, call, step.to, { engine, at }))) return null;
    const { callSid, conversationSid } = call;
    recordTransition(tx, { conversationSid: conversationSid ?? '', machine: 'call', entityId: callSid, from: call.state, to: step.to, cause, at });
    if (step.to !== 'talking') {
      this.calls.dropToken(tx, callSid);
      if (conversationSid) await this.conversations.aloud.settleAll(tx, conversationSid, callSid, hearingOf(call, step.to));
    }
    if (step.to === 'ended' && conversationSid) this.outbox.enqueue(tx, { name: 'calls.show', payload: { conversationSid } });
    return { ...call, state: step.to, engine: engine ?? call.engine };
  }

  /** A token that opens one socket of this call; asked for twice before that is open, it is the same one. */
  async tokenOf(tenantId: string, callSid: string): Promise<string> {
    return this.database.transaction(tenantId, (tx) => this.calls.keepToken(tx, callSid, randomBytes(24).toString('base64url')));
  }

  /** How many sockets were asked for in this call. */
  triesOf(callSid: string): Promise<number> {
    return this.database.asSystem((tx) => this.calls.triesOf(tx, callSid));
  }

  ofToken(token: string): Promise<{ callSid: string; tenantId: string } | null> {
    return this.database.asSystem((tx) => this.calls.ofToken(tx, token));
  }

  /**
   * Somebody speaks to the caller from now on, and nobody else. What was being said when the one before died has been said, as far as anybody knows.
   *
   * @returns null when the call is over
   */
  async answer(tenantId: string, callSid: string, engine: Engine): Promise<(Call & { session: string }) | null> {
    const session = uuidv7(this.clock.ms());
    return this.database.transaction(tenantId, async (tx) => {
      const call = await this.calls.lock(tx, callSid);
      const moved = call && (await this.moveIn(tx, call, 'answered', `the ${engine} answers`, engine));
      if (!moved) return null;
      if (moved.conversationSid) await this.conversations.aloud.settleAll(tx, moved.conversationSid, callSid, 'broken');
      this.calls.setSession(tx, callSid, session, this.clock.in(LEASE_MS));
      this.calls.dropToken(tx, callSid);
      return { ...moved, session, sessions: moved.sessions + 1 };
    });
  }

  /** Whoever speaks says what comes next, where the end of their line cannot carry it. */
  leave(tenantId: string, { callSid, session }: { callSid: string; session: string }, next: Next): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => this.calls.setNext(tx, callSid, session, next));
  }

  /** The caller begins anew: what was to come next has come. */
  beginsAnew(tenantId: string, callSid: string): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => this.calls.dropNext(tx, callSid));
  }

  /** Those of these calls in which nobody else speaks by now, and which are not over. */
  stillSpeak(tenantId: string, calls: readonly { callSid: string; session: string }[]): Promise<Set<string>> {
    return this.database.note(tenantId, (tx) => this.calls.renew(tx, calls, this.clock.in(LEASE_MS)));
  }

  /** Until when somebody speaks to the person of this conversation on the phone; null while nobody does. */
  liveUntil(tenantId: string, conversationSid: string): Promise<Date | null> {
    return this.database.transaction(tenantId, (tx) => this.calls.liveUntil(tx, conversationSid, this.clock.now()));
  }

  /** The conversation that this call is in, waited for where it is being made. Null when it is not there in time. */
  async conversationOf(tenantId: string, callSid: string, withinMs: number): Promise<string | null> {
    for (let waited = 0; ; waited += LOOK_MS) {
      const call = await this.find(tenantId, callSid);
      if (!call || call.conversationSid || waited >= withinMs) return call?.conversationSid ?? null;
      await delay(LOOK_MS);
    }
  }

  /** The caller's thread was merged into another one: the call goes on there. */
  async follow(tenantId: string, callSid: string): Promise<string | null> {
    return this.database.transaction(tenantId, async (tx) => {
      const call = await this.calls.lock(tx, callSid);
      if (!call) return null;
      const contact = await this.contacts.hold(tx, call.contactId);
      const conversationSid = await this.conversations.sidOf(tx, contact.id);
      if (!conversationSid || conversationSid === call.conversationSid) return call.conversationSid;
      this.calls.setConversation(tx, callSid, conversationSid, contact.id);
      this.takesPart(tx, conversationSid, call.address);
      return conversationSid;
    });
  }

  /** Something that a caller is to hear as soon as whoever speaks with them can say it. */
  leaveWord(tenantId: string, callSid: string, word: string): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => {
      const call = (await this.calls.leaveWord(tx, callSid, word)) ? await this.calls.find(tx, callSid) : null;
      // Whoever speaks looks when the thread has grown.
      if (call?.conversationSid) await this.conversations.aloud.note(tx, call.conversationSid, `To be said to the caller: ${word}`);
    });
  }

  /** What is to be said to the caller now, for somebody who says it and notes it; null where there is nothing. */
  takeWord(tenantId: string, callSid: string): Promise<string | null> {
    return this.database.transaction(tenantId, (tx) => this.calls.takeWord(tx, callSid));
  }

  /** The same, for where nobody speaks but Twilio: it is in the thread as said. */
  async wordFor(tenantId: string, callSid: string): Promise<string | null> {
    const word = await this.takeWord(tenantId, callSid);
    const call = word === null ? null : await this.find(tenantId, callSid);
    if (!word || !call?.conversationSid) return word;
    const messageId = await this.conversations.aloud.announce(tenantId, call.conversationSid, word, this.aloud(call));
    await this.conversations.aloud.settle(tenantId, call.conversationSid, messageId, word, 'heard');
    return word;
  }

  /** How words of this call are kept. */
  aloud({ callSid, address, sender, proved, direction }: Call): Aloud {
    return { address, sender, call: { sid: callSid, proved, ...(direction === 'outbound' ? { direction } : {}) } };
  }

  /** Every call of these contacts, who are one person, and what they left on voicemail. */
  async everythingOf(tx: Tx, contactIds: string[]) {
    const [calls, voicemails] = await Promise.all([this.calls.ofContacts(tx, contactIds), this.voicemails.of(tx, contactIds)]);
    return { calls, voicemails };
  }

  /** What was said first in calls of before goes, like the words of the thread. */
  readonly purge = this.calls.purge.bind(this.calls);

  /** That there were calls stays, not whose. Twice is once. */
  async erase(tx: Tx, contactIds: string[]): Promise<Record<string, number>> {
    return { calls: await this.calls.erase(tx, contactIds), voicemails: await this.voicemails.erase(tx, contactIds) };
  }
}

/** What became of words that were under way. Without a socket they are spoken when they are whole: until then none of them was heard. */
const hearingOf = ({ engine }: Call, to: CallState): Hearing => {
  if (to === 'lost') return 'broken';
  return engine === 'gather' ? 'unheard' : 'heard';
};
