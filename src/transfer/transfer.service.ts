import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { recordTransition } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { reach } from '@throughline/kernel/points.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { CallsService } from '../calls/calls.service.js';
import { type Call, isAtTwilio } from '../calls/calls.types.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { PlacingService } from '../placing/placing.service.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { transferMachine } from './transfer.machine.js';
import { after, FETCH_AFTER_MS, isSeeking, limitOf } from './transfer.policy.js';
import type { Attempt, Happening, Transfer, TransferOutcome, TransferRequest } from './transfer.types.js';
import { TransfersRepository } from './transfers.repository.js';

export interface Sighted {
  transfer: Transfer;
  attempts: Attempt[];
}

/** Callers who are put through to a specialist: what has happened goes in, and what becomes of it is rows. Others do it, by jobs. */
@Injectable()
export class TransferService {
  private readonly transfers = new TransfersRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly calls: CallsService,
    private readonly conversations: ConversationsService,
    private readonly placing: PlacingService,
  ) {}

  /** @returns false where this is no call that goes on, nobody can be called, or the caller is on the way already */
  async request({ id: tenantId, settings }: Tenant, { callSid, conversationSid, reason, isProved }: TransferRequest): Promise<boolean> {
    const { specialists, style, mode, ringSeconds, holdSeconds } = settings.transfer;
    const call = await this.calls.find(tenantId, callSid);
    if (!call || call.state === 'ended' || specialists.length === 0 || !isAtTwilio(callSid)) return false;
    const now = this.clock.now();
    const attempts = specialists.map(({ name, phone }) => ({ id: uuidv7(now.getTime()), name, phone }));
    const transfer = {
      id: uuidv7(now.getTime()), callSid, conversationSid, contactId: call.contactId, reason, style, mode, ringSeconds, holdUntil: this.clock.in(holdSeconds * 1_000), createdAt: now,
    };
    return this.database.transaction(tenantId, async (tx) => {
      if (!(await this.transfers.insert(tx, transfer, attempts))) return false;
      await this.conversations.aloud.note(tx, conversationSid, `The caller is being put through to a specialist: ${reason}`, !isProved);
      this.outbox.enqueue(tx, { name: 'transfer.drive', payload: { transferId: transfer.id }, dueAt: this.clock.in(style === 'hold' ? FETCH_AFTER_MS : 0) });
      this.setAlarm(tx, { ...transfer, state: 'requested', epoch: 0 });
      return true;
    });
  }

  /** What has happened changes it, or means nothing any more. @returns how it stands now; null for a transfer that is unknown */
  async happen(tenantId: string, transferId: string, happening: Happening, cause: string): Promise<Sighted | null> {
    const sighted = await this.database.transaction(tenantId, async (tx) => {
      const transfer = await this.transfers.lock(tx, transferId);
      return transfer && this.decide(tx, { transfer, attempts: await this.transfers.attempts(tx, transferId) }, happening, cause);
    });
    await reach('transfer.decided');
    return sighted;
  }

  private async decide(tx: Tx, before: Sighted, happening: Happening, cause: string): Promise<Sighted> {
    const next = after(before, happening);
    const moved = before.attempts.filter((attempt, index) => attempt.state !== next.attempts[index]!.state);
    const isMoved = next.transfer.state !== before.transfer.state || next.transfer.isHeld !== before.transfer.isHeld;
    if (!isMoved && moved.length === 0) return before;
    const transfer = { ...before.transfer, ...next.transfer, epoch: before.transfer.epoch + 1 };
    const attempts = before.attempts.map((attempt, index) => ({ ...attempt, state: next.attempts[index]!.state }));
    if (!(await this.transfers.move(tx, before.transfer, transfer))) return before;
    this.note(tx, transfer, before.transfer.state, transfer.state, { machine: 'transfer', entityId: transfer.id, cause });
    for (const attempt of moved) {
      const { state: to } = attempts[attempt.position]!;
      await this.transfers.moveAttempt(tx, attempt, to);
      this.note(tx, transfer, attempt.state, to, { machine: 'transfer_attempt', entityId: attempt.id, cause: `${attempt.name}: ${cause}` });
    }
    await this.tell(tx, before.transfer, { transfer, attempts });
    this.setAlarm(tx, transfer);
    this.outbox.enqueue(tx, { name: 'transfer.drive', payload: { transferId: transfer.id } });
    return { transfer, attempts };
  }

  private note(tx: Tx, { conversationSid }: Transfer, from: string, to: string, rest: { machine: string; entityId: string; cause: string }): void {
    if (from !== to) recordTransition(tx, { conversationSid, from, to, at: this.clock.now(), ...rest });
  }

  /** Who has the word, and what the thread says of it. */
  private async tell(tx: Tx, before: Transfer, { transfer, attempts }: Sighted): Promise<void> {
    const { conversationSid } = transfer;
    if (before.state === transfer.state) return;
    const taker = attempts.find(({ state }) => state === 'joined' || state === 'left')?.name ?? null;
    if (transfer.state === 'merged') {
      await this.conversations.aloud.changeOwner(tx, conversationSid, { event: 'specialist_joined', cause: `${taker} took the call`, staff: taker });
    } else if (before.state === 'merged') {
      await this.conversations.aloud.changeOwner(tx, conversationSid, { event: 'specialist_left', cause: 'the call with the specialist is over', staff: taker });
    } else if (transfer.state === 'caller_left') {
      await this.conversations.aloud.note(tx, conversationSid, 'The caller left before a specialist took the call.');
    } else if (transfer.outcome === 'nobody' && before.outcome === null) {
      const tried = attempts.map(({ name, state }) => `${name}: ${IN_WORDS[state] ?? 'not called'}`).join('; ');
      await this.conversations.aloud.note(tx, conversationSid, `No specialist took the call (${tried}). The caller is asked for a message instead.`);
    }
  }

  private setAlarm(tx: Tx, transfer: Pick<Transfer, 'id' | 'state' | 'epoch' | 'ringSeconds' | 'holdUntil'>): void {
    if (transferMachine.isFinal(transfer.state)) return;
    const limit = this.clock.in(limitOf(transfer));
    const dueAt = isSeeking(transfer.state) && transfer.holdUntil < limit ? transfer.holdUntil : limit;
    this.outbox.enqueue(tx, { name: 'transfer.clock', payload: { transferId: transfer.id, epoch: transfer.epoch }, dueAt });
  }

  tenantOf(id: string): Promise<string | null> {
    return this.database.asSystem((tx) => this.transfers.tenantOf(tx, id));
  }

  sighted(tenantId: string, transferId: string): Promise<Sighted | null> {
    return this.database.transaction(tenantId, async (tx) => {
      const transfer = await this.transfers.find(tx, transferId);
      return transfer && { transfer, attempts: await this.transfers.attempts(tx, transferId) };
    });
  }

  ofCall(tenantId: string, callSid: string): Promise<Transfer | null> {
    return this.database.transaction(tenantId, (tx) => this.transfers.ofCall(tx, callSid));
  }

  /** The attempt that this call of ours is, as the address says that Twilio was given with it; and the call of the caller. */
  async attempt(tenantId: string, attemptId: string, callSid: string): Promise<{ attempt: Attempt; transfer: Transfer; call: Call; caller: string | null } | null> {
    const found = await this.database.transaction(tenantId, async (tx) => {
      const attempt = await this.transfers.attempt(tx, attemptId);
      const transfer = attempt && (await this.transfers.find(tx, attempt.transferId));
      if (!transfer) return null;
      if (attempt.callSid !== callSid) {
        this.transfers.noteCall(tx, attemptId, callSid);
        this.placing.attach(tx, attemptId, callSid);
        // It may have been given up meanwhile.
        this.outbox.enqueue(tx, { name: 'transfer.drive', payload: { transferId: transfer.id } });
      }
      return { attempt: { ...attempt, callSid }, transfer, caller: await this.conversations.contactNameOf(tx, transfer.conversationSid) };
    });
    const call = found && (await this.calls.find(tenantId, found.transfer.callSid));
    return call && { ...found, call };
  }

  /** The leg of this attempt is over at Twilio. */
  legIsOver(tenantId: string, attemptId: string): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => this.transfers.noteOver(tx, attemptId));
  }

  /** The caller has hung up, or is somewhere else for good. */
  async callerLeft(tenantId: string, callSid: string, cause = 'the caller hung up'): Promise<void> {
    const transfer = await this.ofCall(tenantId, callSid);
    if (transfer) await this.happen(tenantId, transfer.id, { what: 'caller_left' }, cause);
  }

  /** The caller is back with us. */
  async callerBack(tenantId: string, callSid: string): Promise<void> {
    const transfer = await this.ofCall(tenantId, callSid);
    if (transfer) await this.happen(tenantId, transfer.id, { what: 'caller_back' }, 'the caller is back');
  }

  async isUnderWay(tenantId: string, callSid: string): Promise<boolean> {
    const transfer = await this.ofCall(tenantId, callSid);
    return transfer !== null && !transferMachine.isFinal(transfer.state);
  }

  /** The caller belongs in the room of a transfer. */
  async awaits(tenantId: string, callSid: string): Promise<boolean> {
    const transfer = await this.ofCall(tenantId, callSid);
    return transfer !== null && !transferMachine.isFinal(transfer.state) && (transfer.style === 'hold' || transfer.isHeld);
  }

  /** How the newest transfer of this call ended, told once. */
  async newsOf(tenantId: string, callSid: string): Promise<TransferOutcome | null> {
    return (await this.database.transaction(tenantId, (tx) => this.transfers.takeNews(tx, callSid)))?.outcome ?? null;
  }

  /** How often the caller came back from the room of a transfer. */
  returnsOf(tenantId: string, callSid: string): Promise<number> {
    return this.database.transaction(tenantId, (tx) => this.transfers.returnsOf(tx, callSid));
  }

  async everythingOf(tx: Tx, contactIds: string[]): Promise<{ transfers: Transfer[] }> {
    return { transfers: await this.transfers.ofContacts(tx, contactIds) };
  }

  /** That there were transfers stays, not what they were about. Twice is once. */
  async erase(tx: Tx, contactIds: string[]): Promise<Record<string, number>> {
    return { transfers: await this.transfers.erase(tx, contactIds) };
  }
}

const IN_WORDS: Partial<Record<Attempt['state'], string>> = {
  declined: 'declined', no_answer: 'no answer', busy: 'busy', voicemail: 'voicemail', failed: 'could not be reached', left: 'left', cancelled: 'no answer in time',
};
