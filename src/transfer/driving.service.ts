import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { reach } from '@throughline/kernel/points.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { CallsService } from '../calls/calls.service.js';
import { LegsService } from './legs.service.js';
import { type Duty, duties, isSeeking, LISTEN_MS } from './transfer.policy.js';
import { type Sighted, TransferService } from './transfer.service.js';
import type { Attempt, Transfer } from './transfer.types.js';
import { TransfersRepository } from './transfers.repository.js';

/** A caller who was moved is not moved again before. */
const MOVE_AGAIN_MS = 5_000;
const FETCH_AGAIN_MS = 15_000;

/** Makes it so at Twilio as the rows say: whoever dies in between leaves it to the next one, who looks before it does anything a second time. */
@Injectable()
export class DrivingService {
  private readonly log = new Logger('Transfer');
  private readonly transfers = new TransfersRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly transfer: TransferService,
    private readonly calls: CallsService,
    private readonly legs: LegsService,
  ) {}

  /** Each duty by itself: what fails holds nothing else up, and is tried again. */
  async drive(tenantId: string, transferId: string): Promise<JobOutcome> {
    const sighted = await this.transfer.sighted(tenantId, transferId);
    if (!sighted) return;
    const results = await Promise.allSettled(duties(sighted.transfer, sighted.attempts, this.clock.now()).map((duty) => this.carryOut(sighted, duty)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    const again = results.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value.getTime()] : []));
    if (again.length > 0) return { again: new Date(Math.min(...again)) };
  }

  /** @returns when to look again, where somebody else is at it */
  private async carryOut({ transfer }: Sighted, duty: Duty): Promise<Date | void> {
    switch (duty.kind) {
      case 'go':
        await this.transfer.happen(transfer.tenantId, transfer.id, { what: 'go' }, 'the caller waits');
        return;
      case 'hold':
        return this.move(transfer, 'hold');
      case 'bring_back':
        return this.move(transfer, 'back');
      case 'place':
        return this.place(transfer, duty.attempt);
      case 'seek':
        return this.seek(transfer, duty.attempt);
      case 'end':
        return this.end(duty.attempt);
      case 'dismiss':
        return this.dismiss(duty.attempt);
    }
  }

  /** Not by what was seen before the caller came where they belong: to be moved again parts them from whom they speak with. */
  private async move(transfer: Transfer, where: 'hold' | 'back'): Promise<Date | void> {
    const { tenantId, id, callSid } = transfer;
    const until = this.clock.in(MOVE_AGAIN_MS);
    const isOurs = await this.database.transaction(tenantId, (tx) => this.transfers.claimMove(tx, transfer, this.clock.now(), until));
    if (!isOurs) return until;
    await reach('transfer.moving');
    if (!(await this.legs.redirect(callSid, where))) await this.transfer.happen(tenantId, id, { what: 'caller_left' }, 'the caller is gone');
  }

  private async place(transfer: Transfer, attempt: Attempt): Promise<Date | void> {
    const { tenantId, callSid, ringSeconds } = transfer;
    const call = await this.calls.find(tenantId, callSid);
    if (!call) return;
    const placed = await this.legs.place(attempt, call.sender, ringSeconds);
    switch (placed.outcome) {
      case 'wait':
        return placed.until;
      case 'placed':
        await this.transfer.attempt(tenantId, attempt.id, placed.callSid);
        return;
      case 'refused':
        await this.transfer.legIsOver(tenantId, attempt.id);
        await this.transfer.happen(tenantId, transfer.id, { what: 'unreachable', attemptId: attempt.id }, placed.failure.message);
    }
  }

  /** The call of somebody who is not wanted any more, if whoever was about to place it has placed it. What is found is ended by what its row says. */
  private async seek({ tenantId, callSid }: Transfer, attempt: Attempt): Promise<Date | void> {
    const call = await this.calls.find(tenantId, callSid);
    const placed = call && (await this.legs.placed(attempt, call.sender));
    if (placed?.outcome === 'wait') return placed.until;
    if (placed?.outcome === 'placed') await this.transfer.attempt(tenantId, attempt.id, placed.callSid);
    else await this.transfer.legIsOver(tenantId, attempt.id);
  }

  private async end({ tenantId, id, callSid }: Attempt): Promise<void> {
    await this.legs.end(callSid!);
    await this.transfer.legIsOver(tenantId, id);
  }

  /** Who is listening hears why; a phone that rings falls silent. */
  private async dismiss(attempt: Attempt): Promise<void> {
    if (await this.legs.redirect(attempt.callSid!, `attempts/${attempt.id}/answered`)) return this.transfer.legIsOver(attempt.tenantId, attempt.id);
    return this.end(attempt);
  }

  /** The limit of a state, or of all the waiting. An alarm of an older state means nothing. */
  async clockStruck(tenantId: string, transferId: string, epoch: number): Promise<JobOutcome> {
    const sighted = await this.transfer.sighted(tenantId, transferId);
    if (!sighted || sighted.transfer.epoch !== epoch) return;
    const { transfer, attempts } = sighted;
    if (isSeeking(transfer.state) && transfer.holdUntil <= this.clock.now()) return this.struck(transfer, 'hold_over');
    const taker = attempts.find(({ state }) => state === 'accepted' || state === 'joined');
    if (transfer.state === 'merging' && taker && (await this.haveMet(transfer, taker))) return;
    if (transfer.state === 'merged' && taker) return this.stillTalk(transfer, taker);
    if (transfer.state === 'screening') return this.stillListen(transfer, attempts);
    if (transfer.state === 'returning') return this.stillThere(transfer);
    return this.struck(transfer, 'timed_out');
  }

  private async struck({ id, tenantId, state }: Transfer, what: 'timed_out' | 'hold_over'): Promise<void> {
    await this.transfer.happen(tenantId, id, { what }, what === 'hold_over' ? 'the caller has waited long enough' : `${state} took too long`);
  }

  /** Who listens to what there is to take may do so for as long as the caller may wait. That they have hung up may have got lost. */
  private async stillListen({ id, tenantId, holdUntil }: Transfer, attempts: readonly Attempt[]): Promise<JobOutcome> {
    for (const { id: attemptId, callSid, state } of attempts) {
      if (state !== 'screening' || (await this.legs.goesOn(callSid!))) continue;
      await this.transfer.legIsOver(tenantId, attemptId);
      await this.transfer.happen(tenantId, id, { what: 'hung_up', attemptId }, 'Twilio says that the call is over');
      return;
    }
    const again = this.clock.in(LISTEN_MS);
    return { again: again < holdUntil ? again : holdUntil };
  }

  /** Nobody is left in the room for good: as long as the caller is there, they are fetched again. */
  private async stillThere({ id, tenantId, callSid }: Transfer): Promise<JobOutcome> {
    if (!(await this.legs.goesOn(callSid))) {
      await this.transfer.happen(tenantId, id, { what: 'caller_left' }, 'Twilio says that the call is over');
      return;
    }
    await this.drive(tenantId, id);
    return { again: this.clock.in(FETCH_AGAIN_MS) };
  }

  /** The word that somebody came into the room may get lost. */
  private async haveMet({ id, tenantId, callSid }: Transfer, taker: Attempt): Promise<boolean> {
    const there = await this.legs.inRoom(id);
    if (!there.includes(callSid) || !there.includes(taker.callSid!)) return false;
    await this.transfer.happen(tenantId, id, { what: 'joined', attemptId: taker.id }, 'Twilio says that both are in the room');
    return true;
  }

  /** So may the word that somebody has hung up. */
  private async stillTalk({ id, tenantId, callSid, epoch }: Transfer, taker: Attempt): Promise<JobOutcome> {
    const [hasCaller, hasSpecialist] = await Promise.all([this.legs.goesOn(callSid), this.legs.goesOn(taker.callSid!)]);
    if (hasCaller && hasSpecialist) return { again: this.clock.in(60_000) };
    this.log.warn(`transfer ${id} (${epoch}): the end of a call was missed`);
    const happening = hasCaller ? { what: 'hung_up' as const, attemptId: taker.id } : { what: 'caller_left' as const };
    await this.transfer.happen(tenantId, id, happening, 'Twilio says that the call is over');
  }
}
