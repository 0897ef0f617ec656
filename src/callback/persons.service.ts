import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { CallsService } from '../calls/calls.service.js';
import { type Call, isAtTwilio } from '../calls/calls.types.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Conversation } from '../conversations/conversations.types.js';
import { EscalationService } from '../escalation/escalation.service.js';
import type { Incident } from '../escalation/escalation.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { TransferService } from '../transfer/transfer.service.js';
import { CallbacksRepository } from './callbacks.repository.js';

const MOST_SENDERS = 200;
/** Messages among which is what was said last before an incident: while somebody waits for help the house says something every few seconds. */
const RECENT = 200;
const PHONE = /^\+[1-9]\d{6,14}$/;

/** Whom an incident is about, and how they are reached by phone. */
export interface Person {
  contactId: string | null;
  /** Theirs, by now: the incident's, or the one that it was merged into since. */
  conversationSid: string | null;
  /** Their call with us, where they are on the phone. */
  callSid: string | null;
  /** Where they are called back; empty for a caller without a number. */
  phone: string;
  /** Our number that they see. */
  sender: string;
  /** They are on the phone, and a colleague speaks with them, or is about to because of another incident. */
  isBusy: boolean;
}

/**
 * Nobody but the person is ever called: at the number that the incident had when it was opened, which is where they wrote or called from, or what the tenant's own program
 * has named. What somebody only says is never called.
 */
@Injectable()
export class PersonsService {
  private readonly rows = new CallbacksRepository();

  constructor(
    private readonly database: Database,
    private readonly tenancy: TenancyService,
    private readonly conversations: ConversationsService,
    private readonly calls: CallsService,
    private readonly transfers: TransferService,
    private readonly escalation: EscalationService,
  ) {}

  /** @returns null where they are not on the phone, and no number of theirs, or of ours, is known */
  async of({ id, tenantId, conversationSid, callback }: Incident): Promise<Person | null> {
    const conversation = conversationSid ? await this.conversationOf(tenantId, conversationSid) : null;
    const theirs = { contactId: conversation?.contactId ?? null, conversationSid: conversation?.conversationSid ?? conversationSid };
    const call = await this.onThePhone(tenantId, conversationSid, theirs.conversationSid);
    if (call) {
      const transfer = await this.transfers.ofCall(tenantId, call.callSid);
      const isBusy = transfer?.state === 'merged' || transfer?.state === 'merging' || (await this.isTaken(tenantId, id, { callSid: call.callSid, phone: null }));
      return { ...theirs, callSid: call.callSid, phone: PHONE.test(call.address) ? call.address : (callback ?? ''), sender: call.sender, isBusy };
    }
    const sender = callback && (await this.senderFor(tenantId, conversation));
    return sender ? { ...theirs, callSid: null, phone: callback, sender, isBusy: await this.isTaken(tenantId, id, { callSid: null, phone: callback }) } : null;
  }

  /** Who speaks with one colleague is not fetched out of that room, nor called a second time, by another incident of theirs. */
  private isTaken(tenantId: string, incidentId: string, by: { callSid: string | null; phone: string | null }): Promise<boolean> {
    return this.database.transaction(tenantId, (tx) => this.rows.isTaken(tx, incidentId, by, ['reaching', 'joining', 'connected']));
  }

  /** The one in which the person goes on: who was somebody else's contact then may have been merged with them since. Null for one that is not there. */
  conversationOf(tenantId: string, conversationSid: string): Promise<Conversation | null> {
    return this.database.transaction(tenantId, (tx) => this.conversations.aloud.goesOnIn(tx, conversationSid));
  }

  /** The call in which they are with us now, in the first of these that has one: a call stays where it began. */
  async onThePhone(tenantId: string, ...conversationSids: (string | null)[]): Promise<Call | null> {
    for (const sid of new Set(conversationSids)) {
      const call = sid ? await this.callIn(tenantId, sid) : null;
      if (call) return call;
    }
    return null;
  }

  private async callIn(tenantId: string, conversationSid: string): Promise<Call | null> {
    const call = await this.calls.active(tenantId, conversationSid);
    if (!call || !isAtTwilio(call.callSid)) return null;
    if (call.direction === 'inbound') return (await this.isTheirs(call)) ? call : null;
    // One of ours that still rings is nobody's yet, and one that we have made to call them back is just ending.
    const isOurs = call.state === 'ringing' || (await this.database.transaction(tenantId, (tx) => this.rows.isCallback(tx, call.callSid)));
    return isOurs ? null : call;
  }

  /** Anybody can show a number. Who only does so has no part in an incident of its owner: unless they said what it was raised about, in this very call. */
  async isTheirs(call: Call): Promise<boolean> {
    const { tenantId, callSid, conversationSid } = call;
    if (!conversationSid || !(await this.calls.isOnlyShown(call))) return true;
    const incident = await this.escalation.presentOf(tenantId, conversationSid);
    if (!incident) return false;
    const thread = await this.conversations.latest(tenantId, conversationSid, { limit: RECENT });
    return thread.findLast(({ direction, createdAt }) => direction === 'inbound' && createdAt <= incident.createdAt)?.details?.call?.sid === callSid;
  }

  /** A number of ours that texts come from: the one that they know, where there is a choice. One that was only called so far may well text. */
  async textSender(tenantId: string, known: string | null): Promise<string | null> {
    const texts = (await this.tenancy.listSenders(tenantId, null, MOST_SENDERS)).filter(({ channel }) => channel === 'sms');
    return (texts.find(({ address }) => address === known) ?? texts[0])?.address ?? (known && PHONE.test(known) ? known : null);
  }

  async languageOf(tenantId: string): Promise<string> {
    return (await this.tenancy.tenant(tenantId)).settings.voice.languages[0] ?? 'en-US';
  }

  /** The number of ours that they know, else any of ours. */
  private async senderFor(tenantId: string, conversation: Conversation | null): Promise<string | null> {
    const [{ settings }, senders] = await Promise.all([this.tenancy.tenant(tenantId), this.tenancy.listSenders(tenantId, null, MOST_SENDERS)]);
    const numbers = senders.filter(({ channel, address }) => (channel === 'voice' || channel === 'sms') && PHONE.test(address));
    const known = numbers.find(({ address }) => address === conversation?.replySender);
    return (known ?? numbers.find(({ channel }) => channel === 'voice') ?? numbers[0])?.address ?? settings.escalation.sender ?? null;
  }
}
